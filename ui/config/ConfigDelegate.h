// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace dubito::ui {

/// Paints a field as a row of a form (mark, name, value with unit, when it acts; note and problem below) and edits it
/// where its value stands: a list of words, a switch, or a line.
class ConfigDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ConfigDelegate(QObject* parent = nullptr) : QStyledItemDelegate(parent) { }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override;

private:
    void paintSection(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintField(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintValue(QPainter& painter, const QRect& box, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintBelow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
};

} // namespace dubito::ui
