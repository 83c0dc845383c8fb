// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/ConfigFields.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dubito::ui {

enum class Side : std::uint8_t { Mine, Theirs };

/// A key that the file changed outside, or that was edited here, or both: what is in force, what each side wants (as
/// typed), and which side is chosen.
struct MergeRow {
    const config::Field* field = nullptr;
    std::string inForce;
    std::string mine;
    std::string theirs;
    Side side = Side::Mine;

    bool isMine() const { return mine != inForce; }
    bool isTheirs() const { return theirs != inForce; }
    /// Both changed it, and not to the same: somebody has to choose.
    bool isConflict() const { return isMine() && isTheirs() && mine != theirs; }
};

/// The keys in which `mine` or `theirs` differ from what is in force, in the order of the table. Chosen is who changed
/// it; where both did, mine.
std::vector<MergeRow> mergeRows(const config::Config& inForce, const config::Config& mine, const config::Config& theirs);

/// What is in force with every value of theirs that was chosen. What was edited here stays an edit, and is not in it.
config::Config withTheirs(const config::Config& inForce, const std::vector<MergeRow>& rows);

/// The edits that were given up for theirs: key and text.
std::vector<std::pair<std::string, std::string>> givenUp(const std::vector<MergeRow>& rows);

} // namespace dubito::ui
