// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/ScratchFolder.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <system_error>

namespace dubito {

ScratchFolder::ScratchFolder(std::string_view purpose)
{
    std::error_code problem;
    const auto place = std::filesystem::temp_directory_path(problem);
    std::string name = (place / fmt::format("dubito-{}-{:X<6}", purpose, "")).string();
    if (!problem && ::mkdtemp(name.data()) != nullptr) {
        m_path = name;
    }
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    if (!m_path.empty()) {
        std::filesystem::remove_all(m_path, ignored);
    }
}

} // namespace dubito
