"""What is wrong with a catalogue folder, told row by row and in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from tongban_queue.refusals import BadInput

#: code -> (zh-CN, en). Codes that pydantic gives keep its names.
TEXTS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填，不能为空", "must not be empty"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "bool_parsing": ("应为 yes 或 no", "must be yes or no"),
    "enum": ("应为以下之一：{expected}", "must be one of {expected}"),
    "literal_error": ("应为以下之一：{expected}", "must be one of {expected}"),
    "greater_than_equal": ("不能小于 {ge}", "must not be less than {ge}"),
    "less_than_equal": ("不能大于 {le}", "must not be more than {le}"),
    "string_too_long": ("最多 {max_length} 个字符", "must have at most {max_length} characters"),
    "too_short": ("至少填写 {min_length} 项", "must name at least {min_length}"),
    "bad_id": ("只能用小写字母、数字和连字符", "must be lower-case letters, digits and hyphens"),
    "bad_prefix": ("应为一个大写字母", "must be one capital letter"),
    "bad_region": (
        "应为六位区划代码，或四位市级代码加两个字母",
        "must be six digits, or four digits and two letters",
    ),
    "bad_day": ("应为 2026-01-31 或 today-365 这样的日期", "must be a day like 2026-01-31 or today-365"),
    "bad_hours": (
        "“{part}”不对：应为 mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30 这样的时间，或 always（全天）",
        "“{part}” must be like mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30, or always",
    ),
    "bad_uscc": ("应为 18 位统一社会信用代码", "must be an 18-character unified social credit code"),
    "bad_task_code": (
        "应为 31 位实施编码：18 位统一社会信用代码、1 位层级、12 位基本编码",
        "must be 18 + 1 + 12 characters",
    ),
    "bad_catalog_code": (
        "应为 12 位数字（表格软件可能删掉了开头的 0）",
        "must be 12 digits (a spreadsheet may drop zeros)",
    ),
    "codes_differ": ("实施编码的后 12 位应与基本编码相同", "the task code must end with the catalogue code"),
    "code_wanted": ("目录内事项须有实施编码和基本编码", "a listed matter must have both codes"),
    "promise_over_statutory": (
        "承诺时限不能超过法定时限（{statutory} 个工作日）",
        "must not exceed the {statutory} statutory days",
    ),
    "days_reversed": ("截止日期早于开始日期", "must not be before the first day"),
    "same_region": ("收件地和属地不能是同一个地区", "the two regions of an agreement must differ"),
    "check_digit": (
        "校验码不符，请核对（仍可导入）",
        "the check digit does not fit; please compare (imported all the same)",
    ),
    "no_folder": ("没有这个文件夹", "there is no such folder"),
    "no_file": ("缺少这个文件", "this file is missing"),
    "not_utf8": ("不是 UTF-8 编码，请另存为 “CSV UTF-8”", "is not UTF-8; save it as “CSV UTF-8”"),
    "broken_csv": ("不是完整的 CSV 文件", "is not a whole CSV file"),
    "no_column": ("缺少这一列", "this column is missing"),
    "unknown_column": ("没有这一列", "there is no such column"),
    "cells": ("这一行有 {found} 格，应为 {wanted} 格", "this row has {found} cells instead of {wanted}"),
    "twice": ("与第 {first} 行重复", "says the same as line {first}"),
    "unknown": ("{file} 中没有 {value}", "{value} is not in {file}"),
    "prefix_taken": (
        "同一地区的号码前缀不能重复（见第 {first} 行）",
        "line {first} has this prefix in the same region",
    ),
    "same_full_name": (
        "全称与第 {first} 行相同，无法区分",
        "the full name of line {first}; the two could not be told apart",
    ),
    "not_in_order": ("材料序号应从 1 开始连续编号", "materials must be numbered 1, 2, 3 … without a gap"),
    "matter_elsewhere": ("该事项不属于协议的属地", "this matter is not of the agreement's host region"),
    "lines_elsewhere": ("{value} 不属于 {office}", "{value} is not a line of {office}"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where (`line` counts from 1, the header being 1; 0 is the whole file) and what."""

    file: str
    line: int
    column: str
    code: str
    told: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "zh-CN") -> str:
        """The fault for people: `matters.csv:12 promise_days: 应为整数`."""
        zh, en = TEXTS.get(self.code, (f"不符合要求（{self.code}）", f"is not as it must be ({self.code})"))
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = (zh if language.startswith("zh") else en).format_map(self.told)
        return f"{place} {self.column}: {what}" if self.column else f"{place}: {what}"


class CatalogueRejected(BadInput):
    """The folder has rows that cannot be imported, so none of it was."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))


def faults_of(error: ValidationError, file: str, line: int) -> list[Fault]:
    """The faults of one row. A rule over several columns names its column in its context."""
    found = []
    for each in error.errors(include_url=False, include_input=False):
        told = {name: str(value).replace("'", "").replace(" or ", ", ") for name, value in each.get("ctx", {}).items()}
        column = str(each["loc"][0]) if each["loc"] else told.get("column", "")
        found.append(Fault(file, line, column, each["type"], told))
    return found
