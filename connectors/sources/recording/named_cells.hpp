// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/recording/tree.hpp"

#include <memory>
#include <optional>
#include <string>

namespace nudged::sources::recording {

/// An answer as a manifest reads it: where its rows are arrays, the document and the tree have
/// objects in their stead, whose members are called as the columns are. Both have the same shape.
class NamedCells {
public:
    /// `tree` is what `body` says, and outlives this.
    NamedCells(const Manifest& manifest, const std::string& body, Tree& tree);
    NamedCells(const NamedCells&) = delete;
    NamedCells& operator=(const NamedCells&) = delete;

    /// nullptr: the body is no JSON.
    const json::Document* document() const { return document_.get(); }
    /// Makes the tree's rows arrays again. Cells beside the columns stay out.
    void restore();

private:
    bool name(const RequestPlan& request, const std::string& body, Tree& tree);

    std::unique_ptr<std::string> body_;  // the document's texts point into it
    std::unique_ptr<json::Document> document_;
    Tree* rows_ = nullptr;
    std::optional<Tree> header_;
};

}  // namespace nudged::sources::recording
