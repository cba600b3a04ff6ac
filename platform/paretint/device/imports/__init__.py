"""Speeds that other tools measured."""

from paretint.device.imports.importing import Imported, import_report
from paretint.device.imports.reading import read_report
from paretint.device.imports.report import Report

__all__ = ["Imported", "Report", "import_report", "read_report"]
