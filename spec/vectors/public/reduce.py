"""Makes the files beside it from PyPI's cryptography-vectors: what HPKE in base mode needs, three messages each.

    pip install cryptography-vectors==50.0.2 && python reduce.py
"""

import json
import pathlib

import cryptography_vectors

HERE = pathlib.Path(__file__).parent
X_WING = 0x647A
WANTED = ["kem_id", "kdf_id", "aead_id", "info", "ikmE", "skRm", "pkRm", "enc", "shared_secret"]


def reduce(name, keep):
    with cryptography_vectors.open_vector_file(f"HPKE/{name}", "r") as source:
        for vector in json.load(source):
            if vector["mode"] == 0 and keep(vector):
                small = {field: vector[field] for field in WANTED}
                small["encryptions"] = vector["encryptions"][:3]
                small["exports"] = vector["exports"][:3]
                yield small


def write(name, vectors):
    (HERE / name).write_text(json.dumps(list(vectors), indent=1) + "\n")


write("rfc9180.json", reduce("test-vectors.json", lambda v: v["aead_id"] != 0xFFFF))
write("hpke-pq.json", reduce("hpke-pq-test-vectors.json", lambda v: v["kem_id"] == X_WING))
