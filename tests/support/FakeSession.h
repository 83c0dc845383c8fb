// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/SessionApi.h"

#include <optional>
#include <utility>
#include <vector>

namespace dubito::tests {

/// Both doors without a backend: shows the snapshot it was given and remembers what was posted. One thread.
class FakeSession final : public session::SessionApi {
public:
    session::Snapshot snapshot() const override { return m_snapshot; }

    Result<void> post(session::Command command) override
    {
        posted.push_back(std::move(command));
        return refusal ? Result<void>(*refusal) : Result<void>();
    }

    /// Gives it a revision of its own.
    void show(session::Snapshot snapshot)
    {
        snapshot.revision = m_snapshot.revision + 1;
        m_snapshot = std::move(snapshot);
    }

    /// How many commands of this kind were posted.
    template <typename Kind>
    int count() const
    {
        int found = 0;
        for (const auto& command : posted) {
            found += std::holds_alternative<Kind>(command) ? 1 : 0;
        }
        return found;
    }

    std::vector<session::Command> posted;
    std::optional<Error> refusal;

private:
    session::Snapshot m_snapshot;
};

} // namespace dubito::tests
