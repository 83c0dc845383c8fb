// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/ShippedRun.h"

#include <stdexcept>

namespace dubito::bench {

namespace {

session::SessionOptions optionsFor(const std::filesystem::path& folder)
{
    session::SessionOptions options;
    options.frontend = session::Frontend::Window;
    options.sources.flags = { { "training.output", folder / "run", "dubito-bench" },
        { "training.steps", "1000000", "dubito-bench" } };
    options.config = config::layerConfig(options.sources);
    return options;
}

} // namespace

ShippedRun::ShippedRun()
    : m_session(optionsFor(m_folder.path()), { .clock = m_clock, .probe = m_probe })
{
    if (const auto started = m_session.post(session::Start {}); !started) {
        throw std::runtime_error(toText(started.error()));
    }
}

} // namespace dubito::bench
