"""Names from the dictionary of ``drug-named-entity-recognition`` (PyPI, MIT licence).

The dictionary merges DrugBank Open Data (CC0), MeSH and MedlinePlus (US National Library of Medicine), the
NHS list of medicines and Wikipedia. It also holds enzymes, foods, elements and laboratory chemicals. A
substance is taken if a list of medicines for patients has it (MedlinePlus, NHS), if DrugBank and an
encyclopedia have it, or if DrugBank has it and its name ends with a stem that WHO reserves for medicines.
Substances that only Wikipedia has are left out, because its texts are under a share-alike licence.
"""

import bz2
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

from devtools.medicine_names.plain_pickle import load_plain
from monographs.core.medicine_names import name_key

_DICTIONARY = "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"
_WORDS = "english_words/data/web2_lower.pickle"

#: Endings that WHO reserves for groups of medicines (*The use of stems in the selection of INN*), as far as
#: they are long enough not to end ordinary words or chemicals.
STEMS = (
    "mab mig tug bart ment cept tinib ciclib rafenib metinib lisib parib degib clax vastat inostat "
    "citabine platin rubicin taxel bulin tecan trexed trexate mustine zomib domide grastim poetin stim "
    "leucel vec vorsen rsen siran fovir buvir previr asvir navir gravir ciclovir citrelvir virine "
    "conazole fungin penem cillin cycline floxacin oxacin mycin bactam oxaban gatran grel parin plase "
    "sartan pril olol dipine vastatin fibrate gliptin gliflozin glutide glinide glitazone triptan gepant "
    "setron pitant azepam zolam piprazole apine idone oxetine tidine prazole profen coxib fenac caine "
    "curium relix relin tide steride lukast terol tropium sone solone onide estrant ifene rozole lutamide "
    "dronate fosfamide tamide rubin vedotin deruxtecan govitecan tesirine ozogamicin mafodotin "
    "soravtansine emtansine pegol"
).split()
_STEM = re.compile(rf"(?:{'|'.join(STEMS)})$")
#: What the reader of a name would not call a medicine, although a list of medicines has an entry for it.
NOT_MEDICINES = frozenset(
    "thyroid contraceptive "
    "water oxygen nitrogen carbon iron zinc copper calcium potassium sodium magnesium phosphorus iodine "
    "iodide fluoride fluorine silver gold chlorine chromium selenium manganese aluminum sulfur sulphur "
    "alcohol ethanol sugar glucose fructose sucrose lactose salt honey milk egg eggs garlic ginger "
    "cinnamon turmeric cranberry blueberry grapefruit pomegranate lemon orange apple banana peppermint "
    "chamomile lavender sage echinacea ginseng flaxseed soy wheat corn rice oat oats barley coffee tea "
    "green-tea caffeine nicotine tobacco cannabis charcoal clay talc starch gelatin pectin collagen "
    "keratin protein vitamin vitamins minerals multivitamin fiber fat oil fish-oil olive-oil vinegar "
    "yeast bee pollen dust latex soap shampoo sunscreen contraception contraceptives emollients "
    "antidepressants antihistamines antibiotics statins steroids laxatives decongestants painkillers "
    "opioids chemotherapy corticosteroids hormones insulin-pump cysteine glycine lysine leucine valine "
    "serine alanine arginine histidine tyrosine tryptophan creatinine creatine urea cholesterol bilirubin "
    "hemoglobin albumin blood plasma serum platelets air ozone helium xenon argon lead mercury arsenic "
    "tin nickel cobalt cadmium nettle dandelion chalk wax cocoa chocolate".split()
)
#: A name with one of these words is a group, a form or a use of medicines, not a medicine.
NOT_IN_NAMES = re.compile(
    r"\b(?:and|or|with|for|in|of|vaccines?|vaccination|products?|extracts?|therapy|prophylaxis|treatment|oils?|"
    r"vaginal|buccal|otic|ophthalmic|nasal|topical|transdermal|rectal|oral|inhalation|injection|intravesical|"
    r"implant|tablets?|suppositor\w*|cream|ointment|gel|spray|powder|solution|suspension|infantile|children|"
    r"antigen|antibod\w*|receptors?|proteins?|kinase|virus|strain|pollen|seed|root|leaf|bark|flower|fruit|"
    r"salt|salts|ester|ion|anhydrous|sulfate|compound|cpd|inhibitor|factor|gene|cells?|hormones?)\b"
)
#: At the end of an entry of MedlinePlus: how the medicine is given.
_ROUTE = re.compile(
    r",?(?: (?:vaginal|buccal|otic|ophthalmic|nasal|topical|transdermal|rectal|oral|inhalation|injections?|"
    r"intravesical|implant|suppositories|ointment|cream|powder|solution|suspension|eye|ear|drops|patch|"
    r"inhalers?|lozenge|sublingual|capsules|tablets|viscous|pyelocalyceal|intrauterine|system))+$"
)
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[ -][a-z0-9]+){0,2}")
_CHEMICAL = re.compile(
    r"(?:methyl|ethyl|propyl|butyl|phenyl|benzyl|hydroxy|amino|chloro|fluoro|bromo|nitro|oxo|acetyl|acet[oa]|"
    r"keto|deoxy|dehydro|dihydro|tetra|penta|hexa|carb[ao]x|cyclo)\w*(?:yl|ine|ate|ide|one|ol|ene|ane)$"
)
#: Letters of a name below which it is taken for an abbreviation, and characters of the longest name.
MIN_LENGTH, MAX_LENGTH = 5, 40
_CODE = re.compile(r"([a-z]{1,5})[ -]?\d{2,7}[a-z]?")


def dictionary_names(package: Path, words: Path) -> dict[str, set[str]]:
    """Return generic names with their other names. ``words``: the wheel of ``english-words`` (PyPI, MIT).

    A brand or synonym that is an ordinary English word is left out.
    """
    data = load_plain(bz2.decompress(_member(package, _DICTIONARY)))
    ordinary = load_plain(_member(words, _WORDS))
    substances: Mapping[str, Any] = data["drug_canonical_to_data"]
    chosen = {
        entry: _ROUTE.sub("", entry)
        for entry, about in substances.items()
        if _is_medicine(_ROUTE.sub("", entry), about)
    }
    names: dict[str, set[str]] = {name: set() for name in chosen.values()}
    for other, entries in data["drug_variant_to_canonical"].items():
        for generic in {chosen[entry] for entry in entries if entry in chosen}:
            if other != generic and _is_name(other, ordinary, generic):
                names[generic].add(other)
    return _without_shared(names)


def _member(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name)


def _is_medicine(name: str, about: Mapping[str, Any]) -> bool:
    listed = "medline_plus_id" in about or "nhs_url" in about
    if len(name) < MIN_LENGTH or name.replace(" ", "-") in NOT_MEDICINES:
        return False
    if listed and re.fullmatch(r"[a-z0-9 -]+(?:, [a-z0-9 -]+)*,? and [a-z0-9 -]+", name):
        return len(name) <= MAX_LENGTH * 2 and "vaccine" not in name  # a fixed combination
    if not _NAME.fullmatch(name) or NOT_IN_NAMES.search(name):
        return False
    if name.endswith(" acid") and not listed:
        return False
    in_drugbank = "drugbank_id" in about
    return listed or (in_drugbank and ("wikipedia_url" in about or bool(_STEM.search(name))))


def _is_name(name: str, ordinary: Set[str], generic: str) -> bool:
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH or not _NAME.fullmatch(name):
        return False
    if NOT_IN_NAMES.search(name) or name in NOT_MEDICINES or _CHEMICAL.search(name):
        return False
    parts = re.split(r"[ -]", name)
    if code := _CODE.fullmatch(name):
        return code[1] not in ordinary and len(name_key(name)) >= MIN_LENGTH
    if all(part in ordinary or len(part) < MIN_LENGTH or part.isdigit() for part in parts):
        return False
    # The generic name with something before or after it is matched by the generic name
    return not set(re.split(r"[ -]", generic)) <= set(parts)


def _without_shared(names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Leave out other names that several substances share: they name none of them."""
    owners: dict[str, set[str]] = defaultdict(set)
    for generic, others in names.items():
        for other in others:
            owners[other].add(generic)
    return {
        generic: {other for other in others if other not in names and len(owners[other]) == 1}
        for generic, others in names.items()
    }
