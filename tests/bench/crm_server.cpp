// SPDX-License-Identifier: Apache-2.0
// bench_crm [PORT]: tells pages of made-up records over HTTP on loopback, as fast as a client takes
// them. GET /RECORDS/CHANGED/OBJECT?after=FIRST&limit=N; crm_pages.hpp says what they mean. Prints
// its port once it listens.
#include "tests/bench/crm_pages.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace nudged::bench;

namespace {

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::uint64_t parameter(std::string_view query, std::string_view name, std::uint64_t otherwise) {
    const auto at = query.find(name);
    if (at == std::string_view::npos) return otherwise;
    query.remove_prefix(at + name.size());
    return take_number(query).value_or(otherwise);
}

/// The body for "/1300000/0/calls?after=200&limit=200", or "/1300000/10000/latest/calls"; empty
/// when there is nothing there.
std::string answer(std::string_view target) {
    Account account;
    for (auto* number : {&account.records, &account.changed}) {
        if (!target.starts_with('/')) return {};
        target.remove_prefix(1);
        const auto taken = take_number(target);
        if (!taken) return {};
        *number = *taken;
    }
    if (!target.starts_with('/')) return {};
    target.remove_prefix(1);
    constexpr std::string_view latest = "latest/";
    account.latest = target.starts_with(latest);
    if (account.latest) target.remove_prefix(latest.size());
    const auto question = std::min(target.find('?'), target.size());
    const auto query = target.substr(question);
    return make_page(account, target.substr(0, question), parameter(query, "after=", 0),
                     parameter(query, "limit=", 100));
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void serve(int socket) {
    std::string received;
    char chunk[4096];
    for (;;) {
        const auto end = received.find("\r\n\r\n");
        if (end == std::string::npos) {
            const auto size = ::recv(socket, chunk, sizeof chunk, 0);
            if (size <= 0) break;
            received.append(chunk, static_cast<std::size_t>(size));
            continue;
        }
        std::string_view target{received};
        target.remove_prefix(std::min(target.find(' ') + 1, target.size()));
        target = target.substr(0, target.find(' '));
        const auto body = answer(target);
        received.erase(0, end + 4);
        char head[160];
        std::snprintf(
            head, sizeof head,
            "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
            body.empty() ? "404 Not Found" : "200 OK", body.size());
        if (!send_all(socket, head) || !send_all(socket, body)) break;
    }
    ::close(socket);
}

}  // namespace

int main(int argc, char** argv) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener, 16) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::perror("bench_crm");
        return 1;
    }
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    for (;;) {
        const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const int yes = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        std::thread{serve, client}.detach();
    }
}
