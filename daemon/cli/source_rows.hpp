// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/capture.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/recording/tree.hpp"
#include "daemon/cli/source_trial.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::cli {

/// A row as the CRM told it.
struct RawRow {
    std::string json;                   // pretty
    std::vector<std::string> unread{};  // places that no mapping looks at: JSON pointers
};

/// Finds the rows of one stream again in the answers that they came with.
class RawRows {
public:
    RawRows(const sources::Manifest& manifest, model::Entity entity,
            const std::vector<net::Exchanged>& exchanged);
    ~RawRows();
    /// The last one with that id; nullptr when there is none, or its id is made in a way that
    /// cannot be followed.
    const RawRow* find(std::string_view id) const;

private:
    void add_answer(const sources::Manifest& manifest, const sources::StreamPlan& stream,
                    const std::string& body);
    std::vector<std::pair<std::string, RawRow>> rows_;
};

/// What is shown of a stream's records.
struct RecordView {
    model::Entity entity{};
    std::size_t limit = 3;
    bool json = false;
};

/// Prints records beside the rows that they were made from; the number of those printed. There is
/// no `manifest` for connectors that need none, whose rows are not shown.
std::size_t print_records(const std::vector<const model::Page*>& pages,
                          const sources::Manifest* manifest, const net::Capture& capture,
                          const RecordView& view);
std::vector<const model::Page*> pages_of(const Trial& trial);

}  // namespace nudged::cli
