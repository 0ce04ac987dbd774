// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/field_parts.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

std::vector<std::string> keys_of(const std::map<std::string, std::size_t>& map) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
}

}  // namespace

void each_placeholder(const RequestPlan& request,
                      const std::function<void(const Template::Placeholder&)>& use) {
    request.path.each_placeholder(use);
    for (const auto& [name, value] : request.query) value.each_placeholder(use);
    for (const auto& [name, value] : request.headers) value.each_placeholder(use);
    if (request.body) request.body->each_placeholder(use);
}

void each_name(const RequestPlan& request, const std::function<void(const std::string&)>& use) {
    each_placeholder(request, [&](const Template::Placeholder& one) { use(one.name); });
}

Template ManifestCompiler::read_template(std::string_view text, const Place& place) {
    return Template::compile(text, settings_, place, problems_, source_.zone);
}

void ManifestCompiler::read_requests(TomlTable& top) {
    auto table = top.table("request");
    if (!table) {
        top.error("request", "the manifest asks for nothing", "add a [request.NAME]");
        return;
    }
    table->each([&](const std::string& name, const toml::node& node) {
        const auto* inner = node.as_table();
        if (!inner) {
            table->error(name, fmt::format("the request \"{}\" is not a table", name));
            return;
        }
        requests_[name] = manifest_.requests.size();
        manifest_.requests.push_back(
            read_request(name, TomlTable{*inner, table->file(), problems_}));
    });
    connect_rests();
}

RequestPlan ManifestCompiler::read_request(const std::string& name, TomlTable table) {
    RequestPlan request;
    request.name = name;
    request.place = table.place();
    read_method(table, request);
    request.query = read_templates(table, "query");
    request.headers = read_templates(table, "headers");
    read_bodies(table, request);
    read_limiter_uses(table, request);
    request.records = read_path(table, "records");
    read_shape(table, request);
    request.mark = read_optional_path(table, "mark");
    request.fields = read_field_names(table);
    request.limit = table.number("limit", request.limit, 1, 1'000'000);
    read_pager(table, request);
    read_rest(table, request);
    read_echo(table, request);
    table.finish();
    return request;
}

/// Answers that do not say what they are about are told it.
void ManifestCompiler::read_echo(TomlTable& table, RequestPlan& request) {
    request.echo = table.texts("echo");
    std::vector<std::string> named;
    each_name(request, [&](const std::string& name) { named.push_back(name); });
    for (const auto& name : request.echo)
        if (std::ranges::count(named, name) == 0)
            table.error(
                "echo",
                fmt::format("the request \"{}\" does not ask for {{{}}}", request.name, name),
                hint(name, named, "placeholders"));
    if (!request.echo.empty() && (request.shape.csv || request.records.is_whole()))
        table.error("echo", "there is nothing around the rows that could say it",
                    "leave echo out, or say where the answer has its list: records = \"/…\"");
}

void ManifestCompiler::read_rest(TomlTable& table, RequestPlan& request) {
    auto rest = table.table("rest");
    if (!rest) return;
    RestPlan plan;
    plan.place = rest->place();
    plan.name = rest->required_text("request");
    plan.id = read_path(*rest, "id", "/id");
    plan.list = read_path(*rest, "list");
    plan.next = read_path(*rest, "next");
    rest->finish();
    request.rest = std::move(plan);
}

void ManifestCompiler::connect_rests() {
    for (auto& request : manifest_.requests) {
        if (!request.rest) continue;
        auto& rest = *request.rest;
        const auto found = requests_.find(rest.name);
        if (found == requests_.end()) {
            problems_.error(rest.place, fmt::format("there is no request \"{}\"", rest.name),
                            hint(rest.name, keys_of(requests_), "requests"));
            continue;
        }
        rest.request = found->second;
        const auto& more = manifest_.requests[rest.request];
        bool takes_token = false;
        each_name(more, [&](const std::string& name) { takes_token |= name == "page.token"; });
        if (!takes_token || !more.pager.next || more.rest)
            problems_.error(
                rest.place,
                fmt::format("the request \"{}\" cannot tell the rest of a list", rest.name),
                "it asks for {page.token}, has a next, and no rest of its own");
    }
}

/// A place, or a table with the place and how names are made of what stands below it.
std::optional<FieldNames> ManifestCompiler::read_field_names(TomlTable& table) {
    const auto* node = table.node("fields");
    if (!node) return std::nullopt;
    FieldNames names;
    if (node->is_table()) {
        auto inner = table.table("fields");
        names.below = read_path(*inner, "below");
        names.join = inner->text("join");
        names.except = inner->text("except");
        names.most = static_cast<std::size_t>(inner->number("most", 0, 2, 10'000));
        names.longest = static_cast<std::size_t>(inner->number("longest", 0, 100, 1'000'000));
        inner->finish();
    } else {
        names.below = read_path(table, "fields");
    }
    return names;
}

/// A name, or a name with what a request costs: { name = "daily", cost = 10 }.
void ManifestCompiler::read_limiter_uses(TomlTable& table, RequestPlan& request) {
    const auto* list = table.node("limiters");
    if (!list) return;
    const auto* array = list->as_array();
    if (!array) {
        table.error("limiters", "\"limiters\" is not a list", "write limiters = [\"NAME\"]");
        return;
    }
    for (const auto& element : *array) {
        std::string name = scalar_text(element).value_or("");
        LimiterUse use;
        if (const auto* inner = element.as_table()) {
            TomlTable entry{*inner, table.file(), problems_};
            name = entry.required_text("name");
            use.cost = static_cast<double>(entry.number("cost", 1, 0, 1'000'000));
            entry.finish();
        }
        const auto found = limiters_.find(name);
        if (found == limiters_.end()) {
            table.error("limiters", fmt::format("there is no limiter \"{}\"", name),
                        hint(name, keys_of(limiters_), "limiters"));
            continue;
        }
        use.limiter = found->second;
        request.limiters.push_back(use);
    }
}

void ManifestCompiler::read_pager(TomlTable& table, RequestPlan& request) {
    auto& pager = request.pager;
    pager.next = read_optional_path(table, "next");
    pager.next_url = read_optional_path(table, "next_url");
    pager.next_header = to_lower_ascii(table.text("next_header"));
    pager.total = read_optional_path(table, "total");
    pager.total_header = to_lower_ascii(table.text("total_header"));
    pager.rows_header = to_lower_ascii(table.text("rows_header"));
    pager.first_number = table.number("first_number", pager.first_number, 0, 1);
    if (const auto* first = table.node("first_id"))
        pager.first_id = scalar_text(*first).value_or(table.text("first_id"));
    pager.stable = table.flag("stable");
    pager.may_repeat = request.mark.has_value();
    auto more = records_.read_conditions(table, "more");
    if (more.size() > 1) table.error("more", "one condition says whether there are more pages");
    if (!more.empty()) pager.more = std::move(more.front());
    const auto order = table.text("order", "any");
    const std::vector<std::string> orders{"any", "oldest_first", "newest_first"};
    const auto found = std::ranges::find(orders, order);
    if (found == orders.end())
        table.error("order", fmt::format("unknown order \"{}\"", order),
                    hint(order, orders, "orders"));
    else
        pager.order = static_cast<Order>(found - orders.begin());
    each_name(request, [&](const std::string& name) {
        pager.by_id = pager.by_id || name == "keyset.last_id";
        pager.by_number = pager.by_number || name == "page.number";
        pager.by_offset = pager.by_offset || name == "page.offset";
        request.sized = request.sized || name == "limit";
        request.bounded = request.bounded || name == "window.hi" || name == "window.last";
    });
    check_pager(table, request);
}

void ManifestCompiler::check_pager(const TomlTable& table, const RequestPlan& request) {
    const auto& pager = request.pager;
    const int tokens = int{pager.next.has_value()} + int{pager.next_url.has_value()} +
                       int{!pager.next_header.empty()};
    bool is_one_page = false;
    each_name(request, [&](const std::string& name) {
        is_one_page = is_one_page || name == "ids" || name == "id" || name.starts_with("each.");
    });
    // A job's results and what is asked for by ids are whole.
    if (!pager.leads_on() && request.sized && !is_one_page)
        problems_.warning(
            table.place(),
            "{limit} says how many records a page has, and nothing leads to the next",
            "name {page.number}, {page.offset} or {keyset.last_id} in the request, or say where "
            "the answer has the next page: next, next_url or next_header");
    if (tokens > 1 || (pager.by_id && (tokens > 0 || pager.is_counted())))
        problems_.error(table.place(), "pages can follow one another in one way only",
                        "keep one of next, next_url, next_header, {keyset.last_id} and "
                        "{page.number}");
    const bool says_more = pager.more || pager.total || !pager.total_header.empty();
    if (tokens == 1 && pager.is_counted() && !says_more)
        problems_.error(table.place(),
                        "pages are counted until the CRM gives a token, and nothing says whether "
                        "there is one behind a page without a token",
                        "add more, total or total_header; or leave out {page.number} and "
                        "{page.offset} where each page gives a token");
}

void ManifestCompiler::read_method(TomlTable& table, RequestPlan& request) {
    const bool post = table.has("post");
    const bool removes = table.has("delete");
    const bool is_one = int{table.has("get")} + int{post} + int{removes} == 1;
    const std::string_view key = post ? "post" : removes ? "delete" : "get";
    if (!is_one)
        table.problems().error(table.place(), "a request is either get, post or delete",
                               "give it get = \"/path\" or post = \"/path\"");
    request.method = post ? "POST" : removes ? "DELETE" : "GET";
    const auto text = table.text(key);
    request.path = read_template(text, table.place(key));
    const auto* literal = request.path.parts().empty()
                              ? nullptr
                              : std::get_if<std::string>(&request.path.parts().front());
    if (is_one && (!literal || !literal->starts_with('/')))
        table.error(key, "a path begins with /", "what stands before it is the base_url");
}

void ManifestCompiler::read_bodies(TomlTable& table, RequestPlan& request) {
    request.is_form = table.has("form");
    const auto* body = table.node("body");
    if (request.is_form && body)
        table.error("form", "a request has either a body or a form", "keep one of them");
    if (const auto form = table.table("form"))
        request.body = read_body(*table.node("form"), table.file());
    else if (body)
        request.body = read_body(*body, table.file());
    if (request.method == "GET" && (body || request.is_form))
        table.error(body ? "body" : "form", "a GET request has no body", "use post");
}

std::vector<std::pair<std::string, Template>> ManifestCompiler::read_templates(
    TomlTable& table, std::string_view key) {
    std::vector<std::pair<std::string, Template>> templates;
    auto inner = table.table(key);
    if (!inner) return templates;
    inner->each([&](const std::string& name, const toml::node& value) {
        if (const auto text = scalar_text(value))
            templates.emplace_back(name, read_template(*text, place_of(value, table.file())));
        else
            inner->error(name, fmt::format("\"{}\" is not a text", name));
    });
    return templates;
}

BodyTemplate ManifestCompiler::read_body(const toml::node& node, const std::string& file) {
    if (const auto* table = node.as_table()) {
        BodyTemplate::Members members;
        for (const auto& [key, value] : *table)
            members.emplace_back(std::string{key.str()}, read_body(value, file));
        return BodyTemplate{std::move(members)};
    }
    if (const auto* array = node.as_array()) {
        BodyTemplate::Elements elements;
        for (const auto& element : *array) elements.push_back(read_body(element, file));
        return BodyTemplate{std::move(elements)};
    }
    if (const auto* number = node.as_integer()) return BodyTemplate{number->get()};
    if (const auto* number = node.as_floating_point()) return BodyTemplate{number->get()};
    if (const auto* flag = node.as_boolean()) return BodyTemplate{flag->get()};
    const auto place = place_of(node, file);
    if (const auto* text = node.as_string()) return BodyTemplate{read_template(text->get(), place)};
    problems_.error(place, "JSON has no such value", "write a date or time as a text");
    return BodyTemplate{false};
}

Variables ManifestCompiler::read_with(TomlTable& table) {
    Variables with;
    auto inner = table.table("with");
    if (!inner) return with;
    inner->each([&](const std::string& name, const toml::node&) {
        const auto texts = inner->texts(name);
        if (inner->node(name)->is_array())
            with[name] = texts;
        else if (!texts.empty())
            with[name] = read_template(texts.front(), inner->place(name)).text({}).value_or("");
    });
    return with;
}

void ManifestCompiler::ask_for_fields(Call& call, const std::vector<json::Path>& places) const {
    const auto& names = manifest_.requests[call.request].fields;
    if (!names) return;
    auto& listed = call.with["fields"];
    auto fields = field_names(*names, places);
    if (const auto* known = std::get_if<std::vector<std::string>>(&listed))
        fields.insert(known->begin(), known->end());
    listed = std::vector<std::string>{fields.begin(), fields.end()};
}

Call ManifestCompiler::read_call(TomlTable& table, const Variables& inherited,
                                 std::set<std::string> given,
                                 const std::vector<json::Path>& read_places,
                                 const std::string& usual_request, std::string_view key) {
    Call call{.with = read_with(table)};
    const auto own = call.with;
    call.with.insert(inherited.begin(), inherited.end());
    call.with.erase("fields");
    const auto name =
        usual_request.empty() ? table.required_text(key) : table.text(key, usual_request);
    const auto found = requests_.find(name);
    if (found == requests_.end()) {
        table.error(key, fmt::format("there is no request \"{}\"", name),
                    hint(name, keys_of(requests_), "requests"));
        return call;
    }
    call.request = found->second;
    const auto& request = manifest_.requests[call.request];
    call.with["limit"] = request.limit;
    ask_for_fields(call, read_places);
    std::vector<std::string> needed;
    const auto need = [&](const RequestPlan& asked) {
        each_name(asked, [&](const std::string& placeholder) {
            if (std::ranges::count(needed, placeholder) > 0) return;
            needed.push_back(placeholder);
            if (call.with.contains(placeholder) || given.contains(placeholder)) return;
            if (is_of_session(placeholder)) return;  // choose_scheme() looks at those
            table.error(key,
                        fmt::format("the request \"{}\" needs {{{}}}, which nothing gives",
                                    asked.name, placeholder),
                        fmt::format("add it to with = {{ {} = … }}", placeholder));
        });
    };
    need(request);
    if (request.rest) {
        given.insert({"each.id", "page.token"});
        need(manifest_.requests[request.rest->request]);
    }
    for (const auto& [argument, value] : own)
        if (std::ranges::count(needed, argument) == 0)
            table.error("with",
                        fmt::format("the request \"{}\" does not ask for {{{}}}", name, argument),
                        hint(argument, needed, "placeholders"));
    return call;
}

}  // namespace nudged::sources
