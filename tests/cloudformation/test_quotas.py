"""The numbers that AWS sets, as the data files have them."""

from validator.cloudformation.quotas import quotas, url_suffixes


def test_quotas_are_those_of_the_user_guide() -> None:
    found = quotas()
    assert (found.template_bytes, found.body_bytes, found.parameter_bytes) == (1_000_000, 51_200, 4_096)
    assert found.sections == {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}


def test_url_suffixes_are_ends_of_host_names() -> None:
    assert {"amazonaws.com", "amazonaws.com.cn", "c2s.ic.gov"} <= set(url_suffixes())
    assert not [one for one in url_suffixes() if one.startswith(".") or one != one.lower()]
