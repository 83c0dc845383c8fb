// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/Symbol.h"

#include <QString>

#include <array>

namespace dubito::ui {

/// One rung of the ladder as it stands now.
struct RungText {
    Symbol symbol = Symbol::Pending;
    Tone tone = Tone::Quiet;
    QString word;
    QString note;
    bool isCurrent = false;
};

/// The five rungs: those below the present one are done, those above wait; after a climb the last one tells its end. Pure.
std::array<RungText, 5> rungsOf(const reload::ReloadStatus& reload);

/// The reload ladder as a strip: relieve → measure → checkpoint → reload → verify, with what each rung found.
class LadderStrip final : public Panel {
    Q_OBJECT

public:
    explicit LadderStrip(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::array<RungText, 5> m_rungs;
};

} // namespace dubito::ui
