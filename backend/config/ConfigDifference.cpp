// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigDifference.h"

#include "backend/base/Text.h"

#include <fmt/format.h>

namespace dubito::config {

namespace {

std::string shown(const std::string& text) { return text.empty() ? "(empty)" : escaped(text); }

} // namespace

std::vector<Difference> differences(const Config& before, const Config& after)
{
    std::vector<Difference> changes;
    for (const Field& field : fields()) {
        const Value was = field.get(before);
        const Value is = field.get(after);
        if (was != is) {
            changes.push_back({ field.key, toText(was), toText(is), field.when });
        }
    }
    return changes;
}

Config withLiveFields(Config running, const Config& wanted)
{
    for (const Field& field : fields()) {
        if (field.when == When::NextStep) {
            field.set(running, field.get(wanted));
        }
    }
    return running;
}

std::string toText(std::span<const Difference> changes)
{
    std::string text;
    for (const Difference& change : changes) {
        text += fmt::format("{}{} {} → {}{}", text.empty() ? "" : "; ", change.key, shown(change.before),
            shown(change.after), change.when == When::NextStart ? " (at the next start)" : "");
    }
    return text;
}

} // namespace dubito::config
