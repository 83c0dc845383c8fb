// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Check.h"

#include <cstdio>
#include <cstdlib>

namespace dubito {

void failCheck(std::string_view condition, std::string_view message, std::source_location where)
{
    std::fprintf(stderr, "dubito: internal error at %s:%u: %.*s (%.*s)\n", where.file_name(),
        static_cast<unsigned>(where.line()), static_cast<int>(message.size()), message.data(),
        static_cast<int>(condition.size()), condition.data());
    std::fflush(stderr);
    std::abort();
}

} // namespace dubito
