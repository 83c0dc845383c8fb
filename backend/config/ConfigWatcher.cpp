// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigWatcher.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Checksum.h"
#include "backend/config/ConfigFile.h"

#include <span>
#include <utility>

namespace dubito::config {

namespace {

std::uint64_t fingerprint(std::string_view text) { return checksum64(std::as_bytes(std::span(text))); }

/// Nothing when there is nothing to judge: absent, empty, unreadable.
std::optional<std::string> contentOf(const std::filesystem::path& file)
{
    auto text = readText(file, kLargestConfigFile);
    if (!text || text->empty()) {
        return std::nullopt;
    }
    return std::move(text).value();
}

} // namespace

ConfigWatcher::ConfigWatcher(std::filesystem::path file)
    : m_file(std::move(file))
{
    if (const auto text = contentOf(m_file)) {
        remember(*text);
    }
}

std::optional<std::string> ConfigWatcher::poll()
{
    auto text = contentOf(m_file);
    if (!text) {
        m_candidate.reset();
        return std::nullopt;
    }
    const std::uint64_t seen = fingerprint(*text);
    if (seen == m_known) {
        m_candidate.reset();
        return std::nullopt;
    }
    if (m_candidate != seen) {
        m_candidate = seen; // perhaps half-written: look again
        return std::nullopt;
    }
    remember(*text);
    return text;
}

void ConfigWatcher::remember(std::string_view text)
{
    m_known = fingerprint(text);
    m_candidate.reset();
}

} // namespace dubito::config
