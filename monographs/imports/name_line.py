"""The line that names a medicine: its generic name, qualifiers and brand names; and the names of files."""

import re
from dataclasses import dataclass, field

from monographs.core.medicine_names import clean_name, same_name

#: Characters. A name in capitals up to this length is a code (ATRA, BCG), a longer one a name.
_CODE_LENGTH = 6
#: Letters. In a name of several words in capitals, shorter ones stay as they are (BCG LIVE).
_SHORTEST_WORD = 4
_MARKS = "*_ \t:"
_REGISTERED = re.compile(r"\s*(?:[®™℠]|\((?:r|tm|sm)\))", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_PIECES = re.compile(r"\s*[,;|]\s*(?:and\s+|or\s+)?|\s*/\s*(?=\S)|\s+(?:and|or)\s+", re.IGNORECASE)
_BRAND_LABEL = re.compile(
    r"^(?:brand|trade) names?\s*:?\s*|^(?:sold|marketed|known) as\s+|^brands?\s*:\s*", re.IGNORECASE
)
#: Words in brackets that say which form of the medicine is meant, whatever their case. Routes, forms and
#: salts are those of the FDA's lists of routes, dosage forms and salts that occur in names of medicines.
_QUALIFIERS = frozenset(
    """
    liposomal liposome liposomes pegylated nonpegylated albumin-bound albumin bound nab
    protein-bound lipid complex conventional unconjugated conjugated recombinant human humanised
    humanized rabbit equine bovine porcine murine synthetic natural biosimilar generic live
    attenuated inactivated encapsulated lyophilised lyophilized injection injectable infusion oral
    topical nasal ophthalmic otic rectal vaginal buccal sublingual transdermal inhaled inhalation
    intravenous intramuscular subcutaneous intrathecal intravesical intradermal intraocular tablet
    tablets capsule capsules solution suspension powder cream ointment gel lotion patch patches
    spray drops implant depot emulsion syrup granules film lozenge suppository pen vial syringe
    extended delayed modified sustained controlled prolonged immediate slow release extended-release
    delayed-release modified-release sustained-release controlled-release prolonged-release
    immediate-release slow-release long-acting short-acting rapid-acting long short rapid acting low
    high standard dose strength iv im sc sq po it er xr sr mr cr dr ir la odt hfa pf hydrochloride
    dihydrochloride hcl mesylate mesilate maleate malate fumarate succinate tosylate besylate
    besilate citrate acetate phosphate sulfate sulphate sodium potassium calcium magnesium disodium
    tartrate hydrobromide hydrate monohydrate dihydrate anhydrous hemihydrate esylate edisylate
    camsylate ditosylate gluconate lactate nitrate chloride bromide palmitate pamoate decanoate
    enanthate valerate propionate dipropionate xinafoate furoate trihydrate trifluoroacetate
    alafenamide disoproxil medoxomil etexilate pivoxil axetil proxetil base salt free form ester
    acid for in with by under the skin mouth vein into a an of use only and or preservative sugar
    adult adults child children paediatric pediatric infant aspartate ascorbate benzoate bicarbonate
    carbonate caproate cypionate dimesylate estolate ethylsuccinate fluoride glutamate iodide
    isethionate laurate oxalate pyruvate salicylate stearate saccharate tannate teoclate undecanoate
    ammonium lithium zinc aluminium aluminum iron arginine lysine meglumine tromethamine erbumine
    choline diolamine olamine benzathine procaine sesquihydrate pentahydrate hydroxide oxide
    dichloride trichloride
    """.split()
)
_QUALIFIER_ENDS = re.compile(r"(?:osomal|ated|ised|ized|ous|ular|ical|ermal|hecal|based|free|bound)$")
#: Elements with an isotope in medicine.
_ELEMENTS = (
    "Ac|As|At|Au|Bi|Br|C|Co|Cr|Cs|Cu|F|Fe|Ga|Gd|H|Ho|I|In|Ir|Kr|Lu|Mn|N|O|P|Pb|Ra|Rb|Re|Rh|Ru|S|Sc|Se|Sm|Sn|Sr|"
    "Tb|Tc|Th|Tl|Xe|Y|Yb|Zr"
)
_ISOTOPE = re.compile(
    rf"\[?(?:\d{{1,3}}m?[\s-]?(?:{_ELEMENTS})|(?:{_ELEMENTS})[\s-]?\d{{1,3}}m?)\]?", re.IGNORECASE
)
_STRENGTH = re.compile(
    r"[\d.,]+\s*(?:%|mg|mcg|µg|μg|g|ml|l|units?|iu|mbq|gbq|mci)?(?:\s*/\s*[\d.,]*\s*(?:mg|ml|l|g|h|hour|day|m2|kg))?",
    re.IGNORECASE,
)
#: A biosimilar's suffix: four small letters after a hyphen (FDA guidance on nonproprietary naming, 2017).
_SUFFIX = re.compile(r"-[a-z]{4}")
_TITLE_CASE = re.compile(r"[^\W\d_][^\W\d_]+")
#: Words before a hyphen in a file's name that begin a medicine's name and do not end it.
_PREFIXES = frozenset(
    "ado fam nab peg cis trans all iso nor tert sec meta para ortho anti pro alpha beta gamma".split()
)
#: Names that programs and people give to files, which name no medicine.
_NO_NAMES = re.compile(
    r"(?:new )?(?:microsoft )?(?:word )?(?:document|doc|text|textfile|draft|untitled|unnamed|file|scan|copy|"
    r"final|version|new)(?: (?:document|doc|text|file|of|final|copy))*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class NameLine:
    """What a line names. ``unsure`` are words in brackets taken for brand names that may be none."""

    name: str
    brands: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def split_name_line(words: str, by_file: str = "") -> NameLine:
    """Split “name (qualifier) (Brand)”: qualifiers stay in the name, as they are written.

    ``by_file`` is the medicine's name according to the file's name.
    """
    line = NameLine("")
    line.name = generic_name(_BRACKET.sub(lambda match: _bracket(match, line), words))
    return _swapped(words, line, by_file)


def _bracket(match: re.Match[str], line: NameLine) -> str:
    """Return what stays of a bracket in the name; add its brand names to ``line``."""
    if _REGISTERED.fullmatch(match[0]) or is_qualifier(match[1]):
        return match[0]
    pieces = [piece for piece in _PIECES.split(_BRAND_LABEL.sub("", match[1].strip(_MARKS))) if piece.strip()]
    kept = [piece.strip() for piece in pieces if is_qualifier(piece)]
    for piece in pieces:
        brand = brand_name(piece)
        if brand and not is_qualifier(piece) and brand not in line.brands:
            line.brands.append(brand)
            if brand.islower() or any(c.isdigit() for c in brand):
                line.unsure.append(brand)
    return f" ({', '.join(kept)})" if kept else ""


def _swapped(words: str, line: NameLine, by_file: str) -> NameLine:
    """Read “Brand (generic name)”: where ® says so, or the capital of the first and the other's lack."""
    if len(line.brands) != 1 or same_name(line.name, by_file):
        return line
    before = words.split("(", 1)[0].strip(_MARKS)
    marked = bool(_REGISTERED.search(words.split(line.brands[0], 1)[0]))
    capital = before[:1].isupper() and before[1:].islower() and line.brands[0].islower()
    if not (marked or capital) or is_qualifier(line.brands[0]):
        return line
    return NameLine(generic_name(line.brands[0]), [brand_name(before)])


def is_qualifier(words: str) -> bool:
    """Whether words in brackets say which form of the medicine is meant, and are no brand name."""
    bare = clean_name(words).strip(_MARKS)
    if not bare:
        return True
    if _ISOTOPE.fullmatch(bare) or _STRENGTH.fullmatch(bare) or _SUFFIX.fullmatch(bare):
        return True
    return all(_is_qualifier(word) for word in re.split(r"[\s,;/+]+", bare) if word)


def is_listed_qualifier(word: str) -> bool:
    """Whether a word names a form, a route or a salt, whatever the medicine."""
    return word.casefold() in _QUALIFIERS


def _is_qualifier(word: str) -> bool:
    if is_listed_qualifier(word) or _ISOTOPE.fullmatch(word) or _STRENGTH.fullmatch(word):
        return True
    return word.islower() and bool(_QUALIFIER_ENDS.search(word))


def brand_names(words: str) -> list[str]:
    """Return the brand names in a line that says so (“Brands: A, B”)."""
    pieces = _PIECES.split(_BRAND_LABEL.sub("", words.strip(_MARKS)))
    return list(dict.fromkeys(brand for piece in pieces if (brand := brand_name(piece))))


def brand_name(words: str) -> str:
    """Return a brand name without marks and without ®."""
    return clean_name(_REGISTERED.sub("", words)).strip(_MARKS + ".®™")


def generic_name(words: str) -> str:
    """Return a generic name as within a sentence: a capital that only begins it becomes small.

    Codes, isotopes (Lu 177), letters before a hyphen (L-asparaginase) and spellings with capitals inside
    (vinCRIStine) stay as they are written.
    """
    bare = clean_name(_REGISTERED.sub("", words)).strip(_MARKS)
    shouted = not any(c.islower() for c in bare)
    several = len(bare.split()) > 1 and any(len(word) > _CODE_LENGTH for word in bare.split())
    tokens = re.split(r"([\s\-()\[\],/+]+)", bare)
    if shouted:
        return "".join(_small_of_capitals(token, several=several) for token in tokens)
    return "".join(
        _small(token, beside=[*tokens[max(n - 2, 0) : n], *tokens[n + 1 : n + 3]])
        for n, token in enumerate(tokens)
    )


def _small(token: str, beside: list[str]) -> str:
    """Return a word in small letters if only its first is a capital, and it is no element of an isotope."""
    if not _TITLE_CASE.fullmatch(token) or not token[0].isupper() or not token[1:].islower():
        return token
    mass = re.compile(rf"\d{{1,3}}m?(?:{_ELEMENTS})?")
    is_element = re.fullmatch(_ELEMENTS, token) and any(mass.fullmatch(word) for word in beside)
    return token if is_element else token.lower()


def _small_of_capitals(token: str, *, several: bool) -> str:
    if any(c.isdigit() for c in token):
        return token
    longest_code = _SHORTEST_WORD - 1 if several else _CODE_LENGTH
    return token if len(token) <= longest_code else token.lower()


def name_of_file(file_name: str, text: str = "") -> str:
    """Return the medicine's name according to the file's name; empty if that names none.

    It goes up to the first hyphen, without the suffix; but a letter, number or prefix before a hyphen begins
    the name and does not end it (L-asparaginase, 5-fluorouracil, Lu-177-dotatate). Where the ``text`` has the
    words on both sides of a hyphen as one (trastuzumab-dkst), they are the name.
    """
    stem = file_name.rsplit(".", 1)[0] if "." in file_name[1:] else file_name
    parts = clean_name(stem.replace("_", " ")).split("-")
    end = 1
    while end < len(parts) and _begins_name("-".join(parts[:end]), parts[end - 1], parts[end]):
        end += 1
    while end < len(parts) and _has_words(text, "-".join(parts[: end + 1])):
        end += 1
    name = "-".join(parts[:end])
    alone = parts[end - 1]
    if end > 1 and parts[0].isdigit() and not _has_words(text, name) and _has_words(text, alone):
        name = alone  # a number of the file, as in “3-venetoclax.txt”
    bare = name.strip(" -")
    is_name = any(c.isalpha() for c in bare) and not _NO_NAMES.fullmatch(re.sub(r"[\s\d()]+$", "", bare))
    return generic_name(bare) if is_name else ""


def _begins_name(so_far: str, part: str, following: str) -> bool:
    """Whether ``part`` of a file's name is only the beginning of a name."""
    bare = part.strip()
    if not bare or not following.strip():
        return False
    before_number = following.strip()[:1].isdigit() and bool(re.fullmatch(rf"{_ELEMENTS}|[A-Z]{{2,5}}", bare))
    only_numbers = not re.search(r"[^\W\d_]{3,}", so_far)
    return (
        len(bare) == 1
        or before_number
        or bare.casefold() in _PREFIXES
        or (bool(re.fullmatch(r"\d{1,3}m?", bare)) and only_numbers)
    )


def _has_words(text: str, words: str) -> bool:
    pattern = rf"(?<![\w-]){re.escape(clean_name(words))}(?![\w-])"
    return bool(text and words) and bool(re.search(pattern, text, re.IGNORECASE))
