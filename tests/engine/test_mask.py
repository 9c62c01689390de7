import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Node
from validator.engine.mask import Mask
from validator.parse import parse


def secrets(text: str) -> list[Node]:
    return [node for _, node in parse("x.yml", text).root.items()]


@pytest.mark.parametrize("said", ["tab\tquote'é", "tab\\tquote'é", r"tab\tquote'\u00e9"])
def test_hides_each_spelling_of_a_secret(said: str) -> None:
    mask = Mask(secrets('a: "tab\\tquote\'é"\n'))
    assert mask.message(f"it is <{said}>") == "it is <***>"


def test_hides_the_longest_of_several() -> None:
    assert Mask(secrets("a: pass\nb: password\n")).message("my password, my pass") == "my ***, my ***"


def test_short_texts_are_no_secrets() -> None:
    assert Mask(secrets("a: abc\nb: 12\n")).message("abc 12") == "abc 12"


def test_without_secrets_all_is_shown() -> None:
    mask = Mask([])
    assert (mask.message("abcd"), mask.holds("abcd"), mask.source("x.yml", "abcd")) == ("abcd", False, "abcd")


def test_many_secrets_take_no_time_to_speak_of() -> None:
    mask = Mask(secrets("".join(f"k{number}: {number:07}\n" for number in range(20_000))))
    assert "*** ***" in "".join(mask.message(f"see {number:07} and 0000042 0000043") for number in range(2_000))


# None is a plain word: those are hidden as words only.
@given(
    st.lists(st.text("ab12", min_size=4, max_size=8).filter(lambda text: not text.isalpha()), max_size=4),
    st.text("ab12 ", max_size=40),
)
def test_no_message_shows_a_secret(texts: list[str], message: str) -> None:
    mask = Mask(secrets("".join(f"k{number}: '{text}'\n" for number, text in enumerate(texts))))
    masked = mask.message(message)
    assert not any(text in masked for text in texts)
    assert mask.holds(message) == (masked != message)


def test_a_plain_word_is_hidden_as_a_word_only() -> None:
    mask = Mask(secrets("a: postgres\nb: s3cret\n"))
    assert mask.message("postgres, aurora-postgresql, mys3crets") == "***, aurora-postgresql, my***s"


def test_nothing_is_hidden_in_the_path_of_a_file() -> None:
    mask = Mask(secrets("a: wordpress\n"), ["x/wordpress.yml"])
    assert mask.message("x/wordpress.yml says wordpress") == "x/wordpress.yml says ***"


def test_a_secret_is_hidden_wherever_it_stands_in_a_file() -> None:
    text = "password: hunter2x\ncommand: mysql -phunter2x\n"
    node = parse("x.yml", text).root.get("password")
    assert node is not None
    assert Mask([node]).source("x.yml", text) == "password: ********\ncommand: mysql -p********\n"
