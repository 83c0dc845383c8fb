// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Guarded.h"
#include "backend/config/ConfigDifference.h"
#include "backend/config/ConfigLayers.h"
#include "backend/config/ConfigStatus.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace dubito::config {

/// How much of a new configuration acts: everything (no run is on), or the live fields alone (the rest waits).
enum class Force : std::uint8_t { Everything, LiveFields };

/// What a new configuration changed.
struct Applied {
    std::uint64_t revision = 0;
    std::vector<Difference> changes; ///< against what the next start would have taken before
};

/// The configuration in force. Readers hold an immutable one; a writer installs the next. Any thread.
///
/// A configuration that breaks a rule is refused whole: the old one stays, and status() says why.
class ConfigStore {
public:
    /// Requires: no problems.
    explicit ConfigStore(const LayeredConfig& layered, const std::filesystem::path& file = {});

    std::shared_ptr<const Config> inForce() const;
    std::uint64_t revision() const;
    ConfigStatus status() const;

    /// A configuration edited in the window. Changed keys get the origin Window.
    Result<Applied> apply(std::shared_ptr<const Config> wanted, Force force);

    /// The layers read again, after the file changed. Its problems, if it has any, become `refused`.
    Result<Applied> apply(const LayeredConfig& layered, Force force);

    /// A run begins: what waited for the next start is in force now.
    std::shared_ptr<const Config> takeNextStart();

    /// The file was changed outside, and the window offers it; apply() settles it.
    void noteChangedOutside();

    /// Why a configuration was not taken; stays until one is.
    void refuse(std::vector<Error> problems);

private:
    struct Wanted;

    Result<Applied> install(const Wanted& wanted, Force force);

    Guarded<ConfigStatus> m_status;
};

} // namespace dubito::config
