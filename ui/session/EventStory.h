// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QString>
#include <QWidget>

#include <utility>
#include <vector>

namespace dubito::ui {

/// Everything an event has to say, as labels and values. Pure.
std::vector<std::pair<QString, QString>> storyOf(const session::Event& event);

/// Who grows, as bars against the act threshold.
class GrowthBars final : public QWidget {
    Q_OBJECT

public:
    explicit GrowthBars(QWidget* parent = nullptr);

    void setGrowth(const std::vector<dubito::memory::Growth>& growth, double limit);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<dubito::memory::Growth> m_growth; ///< one per stream: about ten
    double m_limit = 0;
};

} // namespace dubito::ui
