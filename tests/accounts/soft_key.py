"""A key as a browser has one, in software: it makes a passkey and answers with it (WebAuthn level 3, "none")."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT_AND_KNOWN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class SoftKey:
    origin: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def make(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(b"\0" * 16, self.number, public)
        data = self._data(asked["rp"]["id"], credential)
        said = CollectedClientData.create("webauthn.create", websafe_decode(asked["challenge"]), self.origin)
        made = AttestationObject.create("none", data, {})
        return self._answer({"clientDataJSON": said, "attestationObject": made, "transports": ["internal"]})

    def use(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        data = self._data(asked["rpId"])
        said = CollectedClientData.create("webauthn.get", websafe_decode(asked["challenge"]), self.origin)
        signature = self.private.sign(bytes(data) + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": data, "signature": signature})

    def _data(self, host: str, credential: AttestedCredentialData | None = None) -> AuthenticatorData:
        flags = PRESENT_AND_KNOWN | (AuthenticatorData.FLAG.AT if credential else 0)
        made: AuthenticatorData = AuthenticatorData.create(
            sha256(host.encode()).digest(), flags, 1, credential or b""
        )
        return made

    def _answer(self, response: dict[str, Any]) -> str:
        shown = {key: websafe_encode(bytes(one)) if key != "transports" else one for key, one in response.items()}
        number = websafe_encode(self.number)
        said = {"id": number, "rawId": number, "type": "public-key", "response": shown, "clientExtensionResults": {}}
        return json.dumps(said)
