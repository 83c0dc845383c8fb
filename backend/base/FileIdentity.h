// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace dubito {

/// Whether the open file or folder is still what its path leads to: false when it was removed, moved away or replaced.
/// One that cannot be looked at counts as there. A descriptor that is kept open lends its identity to nobody else.
bool standsAt(int descriptor, const std::filesystem::path& path);

} // namespace dubito
