// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include <cstdint>

namespace dubito::ui {

/// Paints a row of the health table: shape, module, state, reason, age; as a rail only shape, module and state.
class HealthDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum class Shape : std::uint8_t { Board, Rail };

    explicit HealthDelegate(QObject* parent = nullptr) : QStyledItemDelegate(parent) { }

    void setShape(Shape shape) { m_shape = shape; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Shape m_shape = Shape::Board;
};

} // namespace dubito::ui
