// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nudged::warehouse {

struct ViewColumn {
    std::string name;
    std::string meaning;
};

/// A view as its script describes it: `-- v_call: a call` before it, `AS subject, -- its title`
/// behind a column.
struct ViewDescription {
    std::string name;
    std::string row;  // what one row is
    std::vector<ViewColumn> columns;
};

/// Every view that this program makes, in the order of the scripts.
std::vector<ViewDescription> describe_views();

/// docs/views.md: the views and the measures, in Markdown.
std::string render_view_manual();

}  // namespace nudged::warehouse
