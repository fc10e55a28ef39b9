"""What a definition may say about bookings."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machi.engines.definitions.define import Text

Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Days = Annotated[str, StringConstraints(pattern=r"^P\d{1,3}(D|BD)$")]
Minutes = Annotated[str, StringConstraints(pattern=r"^PT\d{1,3}M$")]


class Window(BaseModel):
    """The days that can be chosen, counted from today: the first and the last."""

    model_config = ConfigDict(extra="forbid")

    from_: Days = Field(alias="from")
    to: Days


class Pool(BaseModel):
    """Places by resource and day, of which each booking takes some; or (`exclusive`) things one has alone by the hour.

    `resources` names the choices whose options are the resources, with the columns `capacity` (places a day)
    and `weekdays` ("mon thu"); `resource` is the expression that gives the option's key for an answered form,
    `weight` the one that gives how many places it needs (default 1). `calendar` is a definition
    ("calendar/general.office_days"). `hold` is how long a chosen place is kept for somebody who has not yet
    finished.

    For things one has alone, the columns are `opens` and `closes` ("08:30"); `step` is how finely time is divided,
    `longest` the longest booking, `buffer` how long a thing stays empty before and after one.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Literal["capacity", "exclusive"] = "capacity"
    resources: str
    resource: Expression | None = None
    weight: Expression | None = None
    open: Window
    calendar: str | None = None
    hold: Minutes = "PT15M"
    label: Text | None = None
    step: Minutes = "PT15M"
    longest: Minutes = "PT720M"
    buffer: Minutes = "PT0M"
