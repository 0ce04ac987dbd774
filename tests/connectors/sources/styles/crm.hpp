// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/http_server.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

namespace nudged::tests {

/// A CRM of a style of its own: a manifest, and a server that answers as it describes. Waits are
/// short, and the account is in Berlin.
class StyleCrm {
public:
    using Answer = std::function<Reply(const Request&)>;
    using Credentials = std::map<std::string, std::string>;

    StyleCrm(const std::string& manifest, Answer answer,
             const Credentials& credentials = {{"token", "t-0"}});

    /// What a stream tells, from its beginning to its end.
    Store pull(model::Stream stream);
    Store pull(model::Entity entity) { return pull(incremental(entity)); }
    model::Page fetch(model::Entity entity, const model::Cursor& from = since_1970);
    /// Pulls until it fails; throws when it does not.
    Failure failure(model::Stream stream);
    Failure failure(model::Entity entity) { return failure(incremental(entity)); }
    /// The same manifest and server in another process.
    std::unique_ptr<sources::Source> another_process();
    std::vector<Request> requests(const std::string& path) const;

    HttpBench bench;
    HttpServer server;

private:
    sources::SourceOptions options_;

public:
    std::unique_ptr<sources::Source> source;
};

/// The beginning of every manifest here; without a word about who we are.
std::string style(const std::string& rest);

using Fields = std::map<std::string, std::string>;
/// The fields of one record that are not null; { { "(absent)", "" } } when there is no such record.
Fields fields(const Store& store, model::Entity entity, const std::string& id);
/// An instant as a record holds it.
std::string at(const char* iso);
std::string parameter(const Request& request, const std::string& name);
/// The fields of a form, decoded.
Fields form_fields(const std::string& body);
bool holds(const std::string& text, const std::string& part);
Reply with_header(Reply reply, const std::string& name, const std::string& value);

}  // namespace nudged::tests
