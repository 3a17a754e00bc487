"""Ed25519 signatures verified in pure Python, after the sample code of RFC 8032, section 6.

For the programs that need Python's standard library only. It takes milliseconds a signature and handles
public values only; the service signs and verifies by ``cryptography``.
"""

import hashlib

#: The field's prime and the order of the group (RFC 8032, section 5.1).
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
SIGNATURE_BYTES = 64
KEY_BYTES = 32

#: A point of the curve in extended homogeneous coordinates.
Point = tuple[int, int, int, int]


def _inverse(value: int) -> int:
    return pow(value, PRIME - 2, PRIME)


CURVE_D = -121665 * _inverse(121666) % PRIME
ROOT_OF_MINUS_1 = pow(2, (PRIME - 1) // 4, PRIME)


def _sum(a: Point, b: Point) -> Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % PRIME, (a[1] + a[0]) * (b[1] + b[0]) % PRIME
    c, d = 2 * a[3] * b[3] * CURVE_D % PRIME, 2 * a[2] * b[2] % PRIME
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _multiple(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        number >>= 1
    return total


def _are_equal(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % PRIME == 0 and (a[1] * b[2] - b[1] * a[2]) % PRIME == 0


def _x_of(y: int, sign: int) -> int | None:
    if y >= PRIME:
        return None
    square = (y * y - 1) * _inverse(CURVE_D * y * y + 1) % PRIME
    if square == 0:
        return None if sign else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME != 0:
        x = x * ROOT_OF_MINUS_1 % PRIME
    if (x * x - square) % PRIME != 0:
        return None
    return PRIME - x if (x & 1) != sign else x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


BASE_Y = 4 * _inverse(5) % PRIME
BASE_X = _x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


def is_signature_of(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is one of ``message`` by the key ``public`` (RFC 8032, section 5.1.7)."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key, first = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or first is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _are_equal(_multiple(scalar, BASE), _sum(first, _multiple(challenge, key)))
