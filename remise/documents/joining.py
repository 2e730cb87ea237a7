"""Several tagged files as one, for the printer. Drawn as one, a thousand cards took 139 seconds and nine gigabytes:
the typesetter keeps all of it in mind at once. Its parts are drawn apart, and put together here with their tags: the
pages, the tree of tags (ISO 32000-1, 14.7), and what leads from a page to its tags."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf


@dataclass(frozen=True, slots=True)
class Bookmark:
    title: str
    page: int  # from one


def join(parts: Iterable[bytes], *, bookmarks: Sequence[Bookmark] = (), both_sides: bool = False) -> bytes:
    """In their order; title, language and standards are the first one's. For a printer that prints on `both_sides`
    each part begins on a sheet of its own."""
    each = iter(parts)
    with pikepdf.open(BytesIO(next(each))) as joined:
        tree = _Tree(joined)
        _fill(joined, both_sides)
        for part in each:
            with pikepdf.open(BytesIO(part)) as opened:
                _append(joined, opened, tree)
            _fill(joined, both_sides)
        tree.write()
        _mark(joined, bookmarks)
        out = BytesIO()
        joined.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def pages_of(part: bytes) -> int:
    with pikepdf.open(BytesIO(part)) as opened:
        return len(opened.pages)


class _Tree:
    """The tags of the joined file while it grows."""

    def __init__(self, pdf: Pdf) -> None:
        self._root = pdf.Root.StructTreeRoot
        self._document = _document(self._root)
        self._kids = list(_listed(self._document.K))
        self._of_pages = dict(_numbers(self._root.ParentTree))
        self.next = int(self._root.ParentTreeNextKey)

    def take(self, root: Object) -> None:
        """The tags of another file; their numbers follow on those that there are."""
        if "/IDTree" in root:
            raise ValueError("only the first part may have tags with names, such as the head of a table")
        for kid in _listed(_document(root).K):
            kid.P = self._document
            self._kids.append(kid)
        for number, tags in _numbers(root.ParentTree):
            self._of_pages[self.next + number] = tags
        self.next += int(root.ParentTreeNextKey)
        for role, meant in root.get("/RoleMap", Dictionary()).items():
            self._root.RoleMap[role] = meant

    def write(self) -> None:
        self._document.K = Array(self._kids)
        flat: list[object] = []
        for number in sorted(self._of_pages):
            flat += [number, self._of_pages[number]]
        self._root.ParentTree = Dictionary(Nums=Array(flat))
        self._root.ParentTreeNextKey = self.next


def _append(joined: Pdf, part: Pdf, tree: _Tree) -> None:
    for page in part.pages:
        for thing in (page.obj, *page.obj.get("/Annots", Array())):
            for name in ("/StructParents", "/StructParent"):
                if name in thing:
                    thing[name] = int(thing[name]) + tree.next
    before = len(joined.pages)
    joined.pages.extend(part.pages)
    # The pages were copied already, so that the tags refer to the copies.
    tree.take(joined.copy_foreign(part.Root.StructTreeRoot))
    seen: set[tuple[int, int]] = set()
    for page in joined.pages[before:]:
        for name in ("/Contents", "/Resources"):
            _own(page.obj[name], seen)


def _own(thing: Object, seen: set[tuple[int, int]]) -> None:
    """A stream that was copied is read from its file when the new one is written; taken over now, that file is
    closed, and what it held in mind let go."""
    if thing.is_indirect:
        if thing.objgen in seen:
            return
        seen.add(thing.objgen)
    if isinstance(thing, pikepdf.Stream):
        packed, how = thing.get("/Filter"), thing.get("/DecodeParms")
        assert packed is None or isinstance(packed, Name | Array)
        assert how is None or isinstance(how, Dictionary | Array)
        thing.write(thing.read_raw_bytes(), filter=packed, decode_parms=how)
    if isinstance(thing, Array):
        kids = list(thing)
    elif isinstance(thing, Dictionary | pikepdf.Stream):
        kids = [kid for _name, kid in thing.items()]
    else:
        return
    for kid in kids:
        if isinstance(kid, Object):
            _own(kid, seen)


def _fill(joined: Pdf, both_sides: bool) -> None:
    if both_sides and len(joined.pages) % 2:
        width, height = (float(side) for side in joined.pages[0].mediabox[2:])
        joined.add_blank_page(page_size=(width, height))


def _mark(pdf: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """In the reader's side bar: the first part's own lead no further than that."""
    for name in ("/Outlines", "/Names"):
        if name in pdf.Root:
            del pdf.Root[name]
    with pdf.open_outline() as outline:
        outline.root.extend(OutlineItem(one.title, one.page - 1) for one in bookmarks)


def _document(root: Object) -> Object:
    (found,) = _listed(root.K)
    assert Name.Document == found.S
    return found


def _listed(kids: Object) -> Iterator[Object]:
    if isinstance(kids, Array):
        yield from kids
    else:
        yield kids


def _numbers(tree: Object) -> Iterator[tuple[int, Object]]:
    """Of a number tree (ISO 32000-1, 7.9.7)."""
    flat = list(tree.get("/Nums", Array()))
    yield from zip((int(number) for number in flat[::2]), flat[1::2], strict=True)
    for kid in tree.get("/Kids", Array()):
        yield from _numbers(kid)
