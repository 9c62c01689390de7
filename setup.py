"""Lists the packages, which the static configuration cannot: rules/ and schemas/ are mapped below `validator`."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["validator", "validator.*"]),
        "validator.rules",
        *("validator.rules." + package for package in find_packages("rules")),
        "validator.schemas",
    ],
)
