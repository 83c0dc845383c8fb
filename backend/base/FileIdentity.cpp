// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/FileIdentity.h"

#include <cerrno>
#include <sys/stat.h>

namespace dubito {

bool standsAt(int descriptor, const std::filesystem::path& path)
{
    struct stat ours { };
    struct stat there { };
    if (::fstat(descriptor, &ours) != 0) {
        return true;
    }
    if (::stat(path.c_str(), &there) != 0) {
        return errno != ENOENT && errno != ENOTDIR;
    }
    return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

} // namespace dubito
