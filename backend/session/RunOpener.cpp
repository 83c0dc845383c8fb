// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunOpener.h"

#include "backend/base/Check.h"

#include <utility>

namespace dubito::session {

RunOpener::RunOpener(std::filesystem::path runFolder)
    : m_folder(std::move(runFolder))
    , m_worker(
          "opener",
          [this](std::stop_token stop) {
              auto opened = Replay::open(
                  m_folder, { .onProgress = [this](double share) {
                                 m_opening.update([&](Opening& opening) { opening.share = share; });
                             },
                                .stop = std::move(stop) });
              auto kept = std::make_shared<Result<std::unique_ptr<Replay>>>(std::move(opened));
              m_opening.update([&](Opening& opening) { opening.opened = std::move(kept); });
          },
          [this](const Error& error) {
              auto kept = std::make_shared<Result<std::unique_ptr<Replay>>>(error);
              m_opening.update([&](Opening& opening) { opening.opened = std::move(kept); });
          })
{
}

double RunOpener::share() const
{
    return m_opening.read([](const Opening& opening) { return opening.share; });
}

bool RunOpener::isDone() const
{
    return m_opening.read([](const Opening& opening) { return opening.opened != nullptr; });
}

Result<std::unique_ptr<Replay>> RunOpener::take()
{
    const auto opened = m_opening.update([](Opening& opening) { return std::exchange(opening.opened, nullptr); });
    CHECK(opened != nullptr, "a run was taken before it was open, or twice");
    return std::move(*opened);
}

} // namespace dubito::session
