// SPDX-License-Identifier: GPL-3.0-or-later
// Every key that acts at the next step does: the wire from the table to what it changes is cut here first.
#include "backend/config/ConfigFields.h"
#include "backend/memory/PressureGuard.h"
#include "backend/reload/ReloadBudget.h"
#include "backend/session/Guardian.h"
#include "tests/support/FakeProbe.h"
#include "tests/support/RunStage.h"

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include <set>

namespace dubito::session {
namespace {

/// What a run that was told a new configuration before its first step leaves behind.
struct Seen {
    SmallRun small;
    RunStage stage { small };

    std::size_t count(EventKind kind) const
    {
        const auto events = small.events();
        return static_cast<std::size_t>(std::ranges::count(events, kind, &Event::kind));
    }
    memory::MemoryStatus memory() const { return stage.boards.memory.copy(); }
    std::size_t checkpoints() const
    {
        std::size_t found = 0;
        for (const auto& entry : std::filesystem::directory_iterator(small.output())) {
            found += entry.is_directory() && !entry.is_symlink()
                    && entry.path().filename().string().starts_with("checkpoint-")
                ? 1
                : 0;
        }
        return found;
    }
};

/// The configuration of a small run with some keys changed, "key=value key=value".
config::Config changed(const config::Config& from, const std::string& assignments)
{
    config::Config config = from;
    std::istringstream words(assignments);
    for (std::string word; words >> word;) {
        const auto equals = word.find('=');
        const auto set = config::setFromText(config, word.substr(0, equals), word.substr(equals + 1));
        EXPECT_TRUE(set) << word;
    }
    return config;
}

std::string afterRun(const std::string& assignments, std::string (*look)(Seen& seen))
{
    Seen seen;
    const auto wanted = std::make_shared<const config::Config>(changed(seen.small.config(), assignments));
    EXPECT_TRUE(seen.stage.store.apply(wanted, config::Force::LiveFields)) << assignments;
    EXPECT_TRUE(seen.stage.commands.push(ApplyConfig { wanted, Cause::User }));
    seen.stage.work();
    return look(seen);
}

/// What a Guardian says of memory that grows by half a MiB in each of 400 steps.
std::string leakStory(const config::Config& config)
{
    const SmallRun small;
    RunStage stage(small);
    memory::FakeProbe probe;
    memory::TensorPool pool;
    Guardian guardian(stage.boards, pool, probe, config);
    for (int step = 1; step <= 400; ++step) {
        probe.processMemory.resident += kMiB / 2;
        guardian.look(step, std::chrono::milliseconds(step), 100);
    }
    std::string story;
    for (const Event& event : stage.boards.events.newest()) {
        story += event.kind == EventKind::Warn || event.kind == EventKind::Act ? toWord(event.kind) : "";
    }
    return story;
}

struct Row {
    std::string_view key;
    std::string before; ///< assignments of the first configuration
    std::string after; ///< and of the second
    std::string (*inRun)(Seen& seen) = nullptr; ///< looked at after a run, or
    std::string (*ofConfig)(const config::Config& config) = nullptr; ///< asked of what the run is made of
    std::string_view elsewhere {}; ///< or the test that shows it
};

std::string text(auto value) { return std::to_string(value); }

const std::vector<Row>& rows()
{
    static const std::vector<Row> kRows {
        { "log.level", "", "log.level=error", [](Seen& s) { return text(static_cast<int>(s.small.quiet.level())); } },
        { "training.checkpoint_interval", "", "training.checkpoint_interval=4",
            [](Seen& s) { return text(s.count(EventKind::Checkpoint)); } },
        { "training.save_total_limit", "training.checkpoint_interval=2",
            "training.checkpoint_interval=2 training.save_total_limit=1", [](Seen& s) { return text(s.checkpoints()); } },
        { "training.evaluation_interval", "", "training.evaluation_interval=1",
            [](Seen& s) { return text(s.small.curve(metrics::Metric::Validation).size()); } },
        { "training.early_stop_patience", "", "", nullptr, nullptr, "Run: ends early" },
        { "training.memory_leak_threshold_mb", "", "", nullptr, nullptr, "LeakVerdict: setLevels" },
        { "training.reload_interval_steps", "", "training.reload_interval_steps=3",
            [](Seen& s) { return text(s.count(EventKind::Reload)); } },
        { "training.reload_memory_threshold_gb", "", "training.reload_memory_threshold_gb=2",
            [](Seen& s) { return text(s.memory().limits.reloadThreshold); } },
        { "training.periodic_cache_clear_interval", "", "", nullptr, nullptr, "TensorPool: trimUnused" },
        { "memory.budget_gb", "", "memory.budget_gb=3", [](Seen& s) { return text(s.stage.pool.limits().budgetBytes); } },
        { "memory.cache_limit_gb", "", "memory.cache_limit_gb=1",
            [](Seen& s) { return text(s.stage.pool.limits().cacheBytes); } },
        { "memory.pause_available_gb", "", "memory.pause_available_gb=2 memory.abort_available_gb=1",
            [](Seen& s) { return text(s.memory().limits.pauseAvailable); } },
        { "memory.abort_available_gb", "", "memory.abort_available_gb=1",
            [](Seen& s) { return text(s.memory().limits.abortAvailable); } },
        { "memory.pause_timeout_s", "", "memory.pause_timeout_s=7", nullptr,
            [](const config::Config& c) { return text(memory::pressureRules(c.memory, {}).longestPause.count()); } },
        { "memory.threshold_percentage", "", "memory.threshold_percentage=55", nullptr,
            [](const config::Config& c) { return text(memory::pressureRules(c.memory, {}).shrinkAtPercentage); } },
        { "memory.batch_size_reduction_factor", "", "", nullptr, nullptr, "Run: batch_reduced" },
        { "memory.alert_percentage", "", "memory.alert_percentage=10", [](Seen& s) { return text(s.memory().limits.alert); } },
        { "memory.cleanup_percentage", "", "memory.cleanup_percentage=75",
            [](Seen& s) { return text(s.memory().limits.cleanup); } },
        { "memory.critical_percentage", "", "memory.critical_percentage=85",
            [](Seen& s) { return text(s.memory().limits.critical); } },
        { "memory.leak_warn_mb", "memory.leak_warn_mb=0.9", "memory.leak_warn_mb=0.05", nullptr, leakStory },
        { "memory.adaptive_levels", "", "memory.adaptive_levels=off",
            [](Seen& s) { return text(s.memory().phases[1].looks); } },
        { "memory.adaptive_cache", "", "memory.adaptive_cache=off", nullptr,
            [](const config::Config& c) {
                const SmallRun small;
                RunStage stage(small);
                memory::FakeProbe probe;
                Guardian guardian(stage.boards, stage.pool, probe, c);
                for (int step = 1; step <= 60; ++step) {
                    guardian.look(step, std::chrono::milliseconds(step), 100);
                }
                return guardian.status().cacheNote;
            } },
        { "memory.scopes", "", "memory.scopes=on", nullptr,
            [](const config::Config& c) {
                const SmallRun small;
                RunStage stage(small);
                memory::FakeProbe probe;
                return text(Guardian(stage.boards, stage.pool, probe, c).scopes() != nullptr);
            } },
        { "memory.emergency_handler", "", "", nullptr, nullptr, "Monitor: cleanUp" },
        { "memory.save_reports", "", "", nullptr, nullptr, "LiveKeys: ReportKeysReachTheReports" },
        { "memory.report_retention_days", "", "", nullptr, nullptr, "LiveKeys: ReportKeysReachTheReports" },
        { "memory.report_limit", "", "", nullptr, nullptr, "LiveKeys: ReportKeysReachTheReports" },
        { "reload.per_hour", "", "reload.per_hour=9", nullptr,
            [](const config::Config& c) {
                reload::ReloadBudget budget;
                budget.setRules(c.reload);
                return text(budget.left(std::chrono::hours(5)));
            } },
        { "reload.cooldown_steps", "", "reload.cooldown_steps=11", nullptr,
            [](const config::Config& c) {
                reload::ReloadBudget budget;
                budget.setRules(c.reload);
                budget.note(std::chrono::hours(5), 100);
                return text(budget.cooldownLeft(100));
            } },
        { "health.stale_after_s", "", "", nullptr, nullptr, "HealthBoard" },
        { "health.heartbeat_s", "", "", nullptr, nullptr, "Monitor: heartbeat" },
        { "health.bad_lines_percentage", "", "", nullptr, nullptr, "Run: data is degraded" },
    };
    return kRows;
}

TEST(LiveKeys, EachOneHasARow)
{
    std::set<std::string_view> live;
    for (const config::Field& field : config::fields()) {
        if (field.when == config::When::NextStep) {
            live.insert(field.key);
        }
    }
    std::set<std::string_view> known;
    for (const Row& row : rows()) {
        EXPECT_TRUE(known.insert(row.key).second) << row.key << " stands twice";
    }
    EXPECT_EQ(known, live);
}

TEST(LiveKeys, EachOneChangesWhatItSays)
{
    const SmallRun small;
    for (const Row& row : rows()) {
        if (row.inRun != nullptr) {
            EXPECT_NE(afterRun(row.before, row.inRun), afterRun(row.after, row.inRun)) << row.key;
        } else if (row.ofConfig != nullptr) {
            EXPECT_NE(row.ofConfig(changed(small.config(), row.before)), row.ofConfig(changed(small.config(), row.after)))
                << row.key;
        } else {
            EXPECT_FALSE(row.elsewhere.empty()) << row.key;
        }
    }
}

/// A folder with three reports of the day before yesterday.
void fillWithOldReports(const std::filesystem::path& folder)
{
    std::filesystem::create_directories(folder);
    const auto then = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - std::chrono::hours(48));
    for (int i = 0; i < 3; ++i) {
        std::ofstream(folder / fmt::format("memory-{:%Y%m%d-%H%M%S}-00{}-old.json", fmt::gmtime(then), i)) << "{}";
    }
}

TEST(LiveKeys, ReportKeysReachTheReports)
{
    const auto reports = [](const std::string& key, const std::string& value) {
        SmallRun small;
        small.set(key, value);
        fillWithOldReports(small.output() / "reports");
        RunStage stage(small);
        EXPECT_TRUE(stage.commands.push(CleanUp { Cause::Signal }));
        stage.work();
        const std::filesystem::directory_iterator kept(small.output() / "reports");
        return std::distance(begin(kept), end(kept));
    };
    EXPECT_EQ(reports("memory.save_reports", "on"), 4);
    EXPECT_EQ(reports("memory.save_reports", "off"), 3);
    EXPECT_EQ(reports("memory.report_retention_days", "1"), 1);
    EXPECT_EQ(reports("memory.report_limit", "2"), 2);
}

} // namespace
} // namespace dubito::session
