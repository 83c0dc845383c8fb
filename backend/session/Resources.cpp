// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/Resources.h"

#include <system_error>

namespace dubito::session {

namespace fs = std::filesystem;

Result<fs::path> resourceFolder()
{
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
    // Installed: <prefix>/bin beside <prefix>/share; built: <tree>/build/<preset>/bin.
    for (const char* way : { "../share/dubito/resources", "resources", "../resources", "../../../resources" }) {
        const fs::path folder = (program / way).lexically_normal();
        if (fs::is_directory(folder / "tiny", problem)) {
            return folder;
        }
    }
    return Error { ErrorCode::NotFound,
        "the shipped model and corpus (folder resources) are not beside the program; name a model and a corpus with "
        "--model and --data",
        program.string() };
}

Result<ShippedRun> shippedRun()
{
    const auto folder = resourceFolder();
    if (!folder) {
        return folder.error();
    }
    return ShippedRun { *folder / "tiny", *folder / "sample" / "train.jsonl", *folder / "sample" / "val.jsonl" };
}

} // namespace dubito::session
