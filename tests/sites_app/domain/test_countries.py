import pytest

from sites_app.domain import countries


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("IE", "IE"),
        ("ie", "IE"),
        ("Ireland", "IE"),
        ("IRLANDE", "IE"),
        ("belgique", "BE"),
        (" France ", "FR"),
        ("etats-unis", "US"),
        ("États Unis", "US"),
        ("cote d'ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("UK", "GB"),
        ("Royaume-Uni", "GB"),
        ("Pays-Bas", "NL"),
        ("Hollande", "NL"),
        ("République d'Irlande", "IE"),
        ("EL", "GR"),
        ("turkey", "TR"),
        ("Türkiye", "TR"),
        ("Allemagne", "DE"),
        ("Autriche", "AT"),
        ("Australie", "AU"),
    ],
)
def test_resolve_reads_codes_and_names_of_both_languages(text: str, iso: str) -> None:
    assert countries.resolve(text) == iso


@pytest.mark.parametrize("text", ["", " ", "XYZ", "EU", "XK", "ZZ", "UN", "001", "Atlantis", "'"])
def test_resolve_knows_nothing_that_is_no_iso_country(text: str) -> None:
    assert countries.resolve(text) is None


def test_there_are_the_249_codes_of_iso_3166() -> None:
    assert len(countries.choices("en")) == len(countries.choices("fr")) == 249


def test_every_code_and_every_name_resolves_to_its_own_country() -> None:
    for language in countries.LANGUAGES:
        for iso, label in countries.choices(language):
            assert countries.resolve(iso) == iso
            assert countries.resolve(label) == iso
            assert countries.resolve(label.upper()) == iso


def test_names_speak_the_reader_s_language() -> None:
    assert countries.english_name("IE") == "Ireland"
    assert countries.name("be", "fr") == "Belgique"
    assert countries.name("BE", "fr-be") == "Belgique"
    assert countries.name("BE", "en-gb") == "Belgium"
    assert countries.name("BE", "nl") == "Belgium"


def test_a_name_of_no_country_is_an_error() -> None:
    with pytest.raises(KeyError):
        countries.english_name("ZZ")


def test_choices_are_sorted_without_regard_to_accents() -> None:
    names = [label for _, label in countries.choices("fr")]

    assert names.index("Égypte") < names.index("France") < names.index("Zambie")
