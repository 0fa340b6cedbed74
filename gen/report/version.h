/* The version of kdaudit: in reports, `kdaudit --version`, and the man page. */
#pragma once
#define KDAUDIT_VERSION "1.0.0"
