"""The compiler of forms: a spreadsheet in, the JSON of a form out, or every problem with its sheet, row and column."""

from server.features.forms.xlsform.compile import Compiled as Compiled
from server.features.forms.xlsform.compile import compiled as compiled
from server.features.forms.xlsform.problems import Problem as Problem
