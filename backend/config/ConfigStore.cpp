// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigStore.h"

#include "backend/base/Check.h"
#include "backend/config/ConfigRules.h"

#include <utility>

namespace dubito::config {

namespace {

std::vector<Error> asErrors(const std::vector<Problem>& problems)
{
    std::vector<Error> errors;
    for (const Problem& problem : problems) {
        errors.push_back({ ErrorCode::Usage, problem.message, {} });
    }
    return errors;
}

/// One Error for many: an answer to a command has room for one.
Error joined(const std::vector<Error>& problems)
{
    Error all = problems.front();
    all.message = toText(all);
    all.where.clear();
    for (std::size_t i = 1; i < problems.size(); ++i) {
        all.message += "\n" + toText(problems[i]);
    }
    return all;
}

std::vector<Origin> withEdits(std::vector<Origin> origins, const std::vector<Difference>& changes)
{
    for (Origin& origin : origins) {
        for (const Difference& change : changes) {
            if (origin.key == change.key) {
                origin.layer = Layer::Window;
                origin.place.clear();
            }
        }
    }
    return origins;
}

} // namespace

struct ConfigStore::Wanted {
    std::shared_ptr<const Config> config;
    std::vector<Origin> origins;
    std::vector<Difference> changes;
};

ConfigStore::ConfigStore(const LayeredConfig& layered, const std::filesystem::path& file)
{
    CHECK(layered.problems.empty(), "a configuration with problems was put in force");
    const auto config = std::make_shared<const Config>(layered.config);
    m_status.update([&](ConfigStatus& status) {
        status.inForce = config;
        status.nextStart = config;
        status.revision = 1;
        status.file = file.string();
        status.origins = layered.origins;
    });
}

std::shared_ptr<const Config> ConfigStore::inForce() const
{
    return m_status.read([](const ConfigStatus& status) { return status.inForce; });
}

std::uint64_t ConfigStore::revision() const
{
    return m_status.read([](const ConfigStatus& status) { return status.revision; });
}

ConfigStatus ConfigStore::status() const { return m_status.copy(); }

Result<Applied> ConfigStore::apply(std::shared_ptr<const Config> wanted, Force force)
{
    CHECK(wanted != nullptr, "ApplyConfig came without a configuration");
    const ConfigStatus before = status();
    auto changes = differences(*before.nextStart, *wanted);
    auto origins = withEdits(before.origins, changes);
    return install({ std::move(wanted), std::move(origins), std::move(changes) }, force);
}

Result<Applied> ConfigStore::apply(const LayeredConfig& layered, Force force)
{
    if (!layered.problems.empty()) {
        refuse(layered.problems);
        return joined(layered.problems);
    }
    return install({ std::make_shared<const Config>(layered.config), layered.origins,
                       differences(*status().nextStart, layered.config) },
        force);
}

Result<Applied> ConfigStore::install(const Wanted& wanted, Force force)
{
    auto acting = wanted.config;
    if (force == Force::LiveFields) {
        const Config merged = withLiveFields(*inForce(), *wanted.config);
        const bool nothingWaits = differences(merged, *wanted.config).empty();
        acting = nothingWaits ? wanted.config : std::make_shared<const Config>(merged);
    }
    auto problems = asErrors(brokenRules(*wanted.config));
    if (problems.empty()) {
        // The live fields must also agree with what the run keeps until its end.
        problems = asErrors(brokenRules(*acting));
    }
    if (!problems.empty()) {
        refuse(problems);
        return joined(problems);
    }
    const std::uint64_t revision = m_status.update([&](ConfigStatus& status) {
        status.inForce = acting;
        status.nextStart = wanted.config;
        status.origins = wanted.origins;
        status.refused.clear();
        status.changedOutside = false;
        return ++status.revision;
    });
    return Applied { revision, wanted.changes };
}

std::shared_ptr<const Config> ConfigStore::takeNextStart()
{
    return m_status.update([](ConfigStatus& status) {
        if (status.inForce != status.nextStart) {
            status.inForce = status.nextStart;
            ++status.revision;
        }
        return status.inForce;
    });
}

void ConfigStore::noteChangedOutside()
{
    m_status.update([](ConfigStatus& status) {
        status.changedOutside = true;
        ++status.revision;
    });
}

void ConfigStore::refuse(std::vector<Error> problems)
{
    m_status.update([&](ConfigStatus& status) {
        status.refused = std::move(problems);
        ++status.revision;
    });
}

} // namespace dubito::config
