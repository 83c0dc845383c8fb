// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Guarded.h"
#include "backend/session/SessionApi.h"

#include <utility>
#include <vector>

namespace dubito::session {

/// A session that shows nothing and remembers what was posted. Any thread.
class DeafSession final : public SessionApi {
public:
    Snapshot snapshot() const override { return {}; }
    Result<void> post(Command command) override
    {
        posted.update([&](std::vector<Command>& all) { all.push_back(std::move(command)); });
        return {};
    }

    Guarded<std::vector<Command>> posted;
};

} // namespace dubito::session
