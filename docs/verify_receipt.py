"""Check, without us and without a network, that a receipt is in a sealed box.

    python3 verify_receipt.py bukti-KODE.json

``bukti-KODE.json`` is downloaded from /bukti/. The script asks for your receipt and for
the root published for the wave (type the one you wrote down or that was announced; a
file could name any root). It proves that a ballot with this receipt is in the box whose
root was published; it says nothing about what that ballot answered.

The rule (RFC 6962): leaf = SHA-256(0x00 ‖ receipt); each step joins a sibling on its
side: SHA-256(0x01 ‖ left ‖ right); the last value must be the root.
Needs Python 3 and nothing else. Ends with 0 if the receipt is included, 1 if not.
"""

import hashlib
import json
import sys


def is_included(receipt: str, steps: list[list[str]], root: str) -> bool:
    typed = receipt.upper().translate(str.maketrans("ILOU", "110V", "- "))
    digest = hashlib.sha256(b"\0" + typed.encode()).digest()
    for side, sibling in steps:
        pair = [bytes.fromhex(sibling), digest]
        left, right = pair if side == "left" else reversed(pair)
        digest = hashlib.sha256(b"\1" + left + right).digest()
    return digest.hex() == root.strip().lower()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        proof = json.load(file)
    receipt = input("Tanda terima: ")
    root = input("Akar yang diumumkan: ")
    if not is_included(receipt.strip(), proof["steps"], root):
        sys.exit("TIDAK COCOK: tanda terima ini tidak terbukti ada di kotak itu.")
    sys.stdout.write("COCOK: surat suara dengan tanda terima ini ada di kotak itu.\n")
