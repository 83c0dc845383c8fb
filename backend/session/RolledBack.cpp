// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RolledBack.h"

#include "backend/metrics/MetricsReading.h"

#include <algorithm>

namespace dubito::session {

RolledBack readRolledBack(const std::filesystem::path& metricsFile, std::int64_t step)
{
    auto lost = std::make_shared<std::vector<metrics::Sample>>();
    const auto read = metrics::readMetrics(metricsFile, [&](const metrics::MetricsLine& line) {
        const auto loss = std::ranges::find(line.values, metrics::Metric::CrossEntropy, &std::pair<metrics::Metric, double>::first);
        if (line.step > step && loss != line.values.end() && lost->size() < metrics::kMaxLatest) {
            lost->push_back({ line.step, line.time, loss->second });
        }
    });
    return read && !lost->empty() ? RolledBack(std::move(lost)) : RolledBack();
}

} // namespace dubito::session
