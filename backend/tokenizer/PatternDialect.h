// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <string>
#include <string_view>

namespace dubito::tokenizer {

/// A pattern of tokenizer.json, respelled so that PCRE2 understands by it what the library that wrote it does.
///
/// tokenizer.json patterns are run elsewhere by Oniguruma in Ruby's syntax over Unicode. PCRE2 with UCP differs in \s
/// (it also takes U+180E), \w and \b (no marks, but all numbers), \h (a hexadecimal digit there, a blank here). What
/// has no PCRE2 spelling (classes inside classes, intersections, the flag m) is refused with a sentence instead of
/// being misread.
Result<std::string> toPcre(std::string_view pattern);

} // namespace dubito::tokenizer
