// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusUnixFileDescriptor>
#include <QObject>

#include <cstdint>

namespace dubito::ui {

/// Keeps the machine awake while a run is active, through logind; does nothing where there is none.
class SleepInhibitor final : public QObject {
    Q_OBJECT

public:
    enum class Wish : std::uint8_t { Awake, Whatever };

    explicit SleepInhibitor(QObject* parent = nullptr) : QObject(parent) { }

    /// Cheap when nothing changes.
    void setWish(Wish wish);

    bool isHeld() const { return m_held.isValid(); }

private:
    void ask();

    Wish m_wish = Wish::Whatever;
    QDBusUnixFileDescriptor m_held; ///< sleep is inhibited as long as it is open
};

} // namespace dubito::ui
