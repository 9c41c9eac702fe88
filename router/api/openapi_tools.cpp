// The chapter of the service itself, and of what providers say to it, of the API's description of
// itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kSetAside[] = {{"record", "text"}, {"why", "text"}};
constexpr ApiField kAllSetAside[] = {{"set_aside", "[SetAside]"}};
constexpr ApiField kReloaded[] = {{"needs_restart", "text?", "what of it needs a restart"}};
constexpr ApiField kReceipt[] = {
    {"status", "delivered|failed"},
    {"detail?", "text?", "failed: why"},
};

constexpr ApiShape kShapes[] = {
    {"SetAside", "What was accepted and could not be decided.", kSetAside},
    {"AllSetAside", "All of it.", kAllSetAside},
    {"Reloaded", "The configuration that was read is in force.", kReloaded},
    {"Receipt", "Whether a message got through.", kReceipt, true},
};

constexpr std::string_view kText = "text/plain";

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/set-aside",
     "listSetAside",
     "What was accepted and could not be decided. Somebody is paged for these, too.",
     Needs::viewer,
     {},
     {},
     "AllSetAside"},
    {"GET",
     "/api/v1/openapi.json",
     "getOpenApi",
     "This document.",
     Needs::nothing,
     {},
     {},
     "{anything}"},
    {"POST",
     "/r/{signed}",
     "giveReceipt",
     "For its provider: whether a message was delivered. The address is its `receipt_url`.",
     Needs::nothing,
     {},
     "Receipt",
     {},
     "204",
     "401 403 404 409 503"},
    {"POST",
     "/-/reload",
     "reload",
     "Reads the configuration again: all of it, or nothing.",
     Needs::admin,
     {},
     {},
     "Reloaded",
     "200",
     "409 501 503"},
    {"GET",
     "/-/healthy",
     "isHealthy",
     "While the process runs.",
     Needs::nothing,
     {},
     {},
     "text",
     "200",
     {},
     kText},
    {"GET",
     "/-/ready",
     "isReady",
     "Whether alerts are taken and decided, or why not.",
     Needs::nothing,
     {},
     {},
     "text",
     "200",
     "503",
     kText},
    {"GET",
     "/metrics",
     "getMetrics",
     "In Prometheus's text format.",
     Needs::nothing,
     {},
     {},
     "text",
     "200",
     {},
     kText},
};

}  // namespace

const ApiChapter& tools_chapter() {
  static constexpr ApiChapter kChapter{"service", "For those who look after tocsin.", kOperations,
                                       kShapes};
  return kChapter;
}

}  // namespace tocsin::api
