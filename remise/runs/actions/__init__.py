"""What people do with long work. Page, API and command call these."""

from remise.runs.actions.sending import Mended, confirm, leave_out, mend_alike, mend_row, send_file, send_lines
from remise.runs.actions.steering import begin_run, cancel, fetch, forget_exports, make_again, pause, resume

__all__ = [
    "Mended",
    "begin_run",
    "cancel",
    "confirm",
    "fetch",
    "forget_exports",
    "leave_out",
    "make_again",
    "mend_alike",
    "mend_row",
    "pause",
    "resume",
    "send_file",
    "send_lines",
]
