// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProgressWatch.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace dubito::app {

namespace {

/// More than the longest line of metrics.jsonl, several times over.
constexpr std::int64_t kTail = 65536;

/// The step of the last whole line, where lines have one.
std::optional<std::int64_t> newestStep(const std::filesystem::path& file, std::int64_t bytes)
{
    std::ifstream in(file, std::ios::binary);
    in.seekg(std::max<std::int64_t>(0, bytes - kTail));
    std::optional<std::int64_t> step;
    for (std::string line; std::getline(in, line) && !in.eof();) {
        const auto parsed = nlohmann::json::parse(line, nullptr, false);
        if (parsed.is_object() && parsed.contains("step") && parsed["step"].is_number()) {
            step = toWholeNumber(parsed["step"].get<double>());
        }
    }
    return step;
}

} // namespace

void ProgressWatch::begin()
{
    look();
    m_atBegin = m_furthest;
}

void ProgressWatch::look()
{
    std::error_code problem;
    const auto size = std::filesystem::file_size(m_file, problem);
    if (problem) {
        return;
    }
    const auto bytes = static_cast<std::int64_t>(size);
    m_furthest.bytes = std::max(m_furthest.bytes, bytes);
    m_furthest.step = std::max(m_furthest.step, newestStep(m_file, bytes).value_or(-1));
}

bool ProgressWatch::hasProgressed()
{
    if (m_file.empty()) {
        return true;
    }
    look();
    return m_furthest.step >= 0 ? m_furthest.step > m_atBegin.step : m_furthest.bytes > m_atBegin.bytes;
}

} // namespace dubito::app
