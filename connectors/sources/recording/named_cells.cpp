// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/named_cells.hpp"

#include <algorithm>
#include <utility>

namespace nudged::sources::recording {
namespace {

/// The tree's place for a place of the document, which has the same shape.
Tree* counterpart(const json::Value& wanted, const json::Value& here, Tree& tree) {
    if (&wanted == &here) return &tree;
    if (here.IsArray()) {
        auto element = here.Begin();
        for (auto& member : tree.members)
            if (auto* found = counterpart(wanted, *element++, member.value)) return found;
    } else if (here.IsObject()) {
        auto element = here.MemberBegin();
        for (auto& member : tree.members)
            if (auto* found = counterpart(wanted, (element++)->value, member.value)) return found;
    }
    return nullptr;
}

std::vector<std::string> columns_of(const RequestPlan& request, const json::Document& document,
                                    const json::Value& rows) {
    std::vector<std::string> columns;
    const auto add = [&](const json::Value& name) {
        columns.emplace_back(json::scalar(&name).value_or(std::string_view{}));
    };
    if (request.shape.columns) request.shape.columns->each_value(document, add);
    if (request.shape.header)
        for (const auto& name : rows[0].GetArray()) add(name);
    return columns;
}

bool has_arrays(const json::Value* rows) {
    return rows && rows->IsArray() && !rows->Empty() && (*rows)[0].IsArray();
}

void name_row(Tree& row, const std::vector<std::string>& columns) {
    if (row.kind != Tree::Kind::array) {
        row = Tree{};  // as what is no row is read
        return;
    }
    row.kind = Tree::Kind::object;
    row.members.resize(std::min(row.members.size(), columns.size()));
    for (std::size_t i = 0; i < row.members.size(); ++i) row.members[i].name = columns[i];
}

}  // namespace

NamedCells::NamedCells(const Manifest& manifest, const std::string& body, Tree& tree)
    : body_(std::make_unique<std::string>(body)), document_(json::parse(*body_)) {
    if (!document_) return;
    // Which of the requests was answered is not known here: an answer that names its columns is one
    // that does, and no header is looked for among its rows.
    for (const auto& request : manifest.requests)
        if (request.shape.columns && name(request, body, tree)) return;
    for (const auto& request : manifest.requests)
        if (request.shape.header && name(request, body, tree)) return;
}

bool NamedCells::name(const RequestPlan& request, const std::string& body, Tree& tree) {
    const auto* rows = request.records.find(*document_);
    if (!has_arrays(rows)) return false;
    const auto columns = columns_of(request, *document_, *rows);
    if (columns.empty()) return false;
    auto* place = counterpart(*rows, *document_, tree);
    auto named_body = std::make_unique<std::string>(body);
    auto named = parse_answer(*named_body, request.shape, request.records);
    if (!place || !named) return false;
    document_ = std::move(named);
    body_ = std::move(named_body);
    rows_ = place;
    if (request.shape.header) {
        header_ = std::move(rows_->members.front().value);
        rows_->members.erase(rows_->members.begin());
    }
    std::erase_if(rows_->members, [](const Member& row) {
        return row.value.kind == Tree::Kind::array && row.value.members.empty();
    });
    for (auto& row : rows_->members) name_row(row.value, columns);
    return true;
}

void NamedCells::restore() {
    if (!rows_) return;
    for (auto& row : rows_->members) {
        if (row.value.kind != Tree::Kind::object) continue;
        row.value.kind = Tree::Kind::array;
        for (auto& cell : row.value.members) cell.name.clear();
    }
    // An address is somebody's, wherever it stands.
    if (header_)
        for (auto& name : header_->members)
            if (name.value.text.find('@') != std::string::npos) name.value.text.clear();
    if (header_) rows_->members.insert(rows_->members.begin(), Member{{}, std::move(*header_)});
    rows_ = nullptr;
}

}  // namespace nudged::sources::recording
