"""Every definition that ships: no fault, no missing language, and the guide's example is true."""

import re
import shutil
from pathlib import Path

import pytest

from machi.engines.definitions.public import check

ROOT = Path(__file__).resolve().parents[2]
PACKAGE, CITY = ROOT / "packages" / "municipality", ROOT / "cities" / "joso"


def test_package_and_city_have_no_fault_and_no_missing_language():
    faults = [fault for fault in check([PACKAGE, CITY]) if not is_awaited(fault)]

    assert [str(fault) for fault in faults] == []


def is_awaited(fault):
    """A guide sends people to the counter for a procedure that the city does not offer online."""
    return fault.level == "warning" and "/guides/" in fault.file and fault.field.endswith(".procedure")


def test_guides_name_units_of_the_city():
    units = set(re.findall(r"code: ([a-z_]+),", (CITY / "organisation.yaml").read_text()))
    guides = [path.read_text() for path in PACKAGE.glob("*/guides/*.yaml")]

    assert len(guides) == 7
    assert set(re.findall(r"unit: ([a-z_]+)", "".join(guides))) - units == set()


@pytest.fixture
def city_with_guide(tmp_path):
    """A copy of the city with the guide's examples saved as the files they say they are."""
    city = tmp_path / "joso"
    shutil.copytree(CITY, city)
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/guides/add-a-service.md").read_text(), re.DOTALL)
    (city / "parks" / "procedures").mkdir(parents=True)
    (city / "parks" / "procedures" / "bench_donation.yaml").write_text(blocks[0])
    (city / "waste" / "overlays" / "bulky_pickup.yaml").write_text(blocks[1])
    return city


def test_the_guide_shows_a_service_and_an_overlay_that_work(city_with_guide):
    errors = [str(fault) for fault in check([PACKAGE, city_with_guide]) if fault.level == "error"]

    assert errors == []


def test_a_misspelt_step_in_the_guides_example_is_named_with_its_line(city_with_guide):
    file = city_with_guide / "parks" / "procedures" / "bench_donation.yaml"
    file.write_text(file.read_text().replace("next: decide}", "next: decied}"))

    fault = next(fault for fault in check([PACKAGE, city_with_guide]) if fault.level == "error")

    assert (Path(fault.file).name, fault.field) == ("bench_donation.yaml", "flow.steps.receive")
    assert "decied" in fault.message
    assert fault.line == next(n for n, line in enumerate(file.read_text().splitlines(), 1) if "decied" in line)
