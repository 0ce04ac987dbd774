// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/http/toml_table.hpp"

#include <map>
#include <set>

namespace nudged::sources {

/// Turns the tables of a manifest into the plan. Parts of it stand in manifest.cpp,
/// manifest_requests.cpp and manifest_streams.cpp, in the order of a manifest.
class ManifestCompiler {
public:
    ManifestCompiler(const SourceOptions& source, Diagnostics& problems);
    Manifest compile(const toml::table& table, const std::string& file);

private:
    // manifest.cpp
    void read_settings(TomlTable& top);
    void read_connector(TomlTable& top);
    void read_auth(TomlTable& top);
    void read_limiters(TomlTable& top);
    void read_retry(TomlTable& top);
    void read_window(TomlTable& top);
    void read_errors(TomlTable& top);
    void check_credentials();
    void check_wanted_streams();
    /// A text in which settings may stand, and nothing else.
    std::string plain(TomlTable& table, std::string_view key, const std::string& otherwise = {});
    std::chrono::milliseconds duration(TomlTable& table, std::string_view key,
                                       std::chrono::milliseconds otherwise);

    // manifest_requests.cpp
    void read_requests(TomlTable& top);
    RequestPlan read_request(const std::string& name, TomlTable table);
    void read_method(TomlTable& table, RequestPlan& request);
    std::vector<std::pair<std::string, Template>> read_templates(TomlTable& table,
                                                                 std::string_view key);
    BodyTemplate read_body(const toml::node& node, const std::string& file);
    Template read_template(std::string_view text, const Place& place);
    json::Path path(TomlTable& table, std::string_view key, std::string_view otherwise = {});
    std::optional<json::Path> optional_path(TomlTable& table, std::string_view key);
    json::Path path_of(std::string_view text, const Place& place);
    /// The keys `request` and `with` of whatever makes a call; `given` is what the caller adds, and
    /// `inherited` what its stream says already.
    Call read_call(TomlTable& table, const Variables& inherited, std::set<std::string> given,
                   const std::vector<json::Path>& read_places);
    Variables read_with(TomlTable& table);

    // manifest_streams.cpp
    void read_streams(TomlTable& top);
    std::optional<StreamPlan> read_stream(const std::string& name, TomlTable table);
    void read_record(TomlTable& table, StreamPlan& stream);
    void read_walk(TomlTable& table, StreamPlan& stream);
    ValuePlan read_value(model::Entity entity, const std::string& name, const toml::node& node,
                         const std::string& file);
    void read_where(TomlTable& table, RecordPlan& record);
    void read_joins(TomlTable& table, StreamPlan& stream);
    void read_history(TomlTable& table, StreamPlan& stream);
    void read_sweep(TomlTable& table, StreamPlan& stream);
    void read_by_id(TomlTable& table, StreamPlan& stream);
    std::size_t batch(TomlTable& table, std::int64_t otherwise);

    const SourceOptions& source_;
    const HttpSourceOptions& options_;
    Diagnostics& problems_;
    Settings settings_;
    std::map<std::string, std::size_t> limiters_;
    std::map<std::string, std::size_t> requests_;
    Manifest manifest_;
};

/// "did you mean …?", or else what there is.
std::string hint(std::string_view word, const std::vector<std::string>& known,
                 std::string_view what);

}  // namespace nudged::sources
