# Varnish between nginx and the service, as tests/deployment/test_varnish.py runs it. Varnish 7.1 or later.
#
#   varnishd -f /etc/varnish/default.vcl -a 127.0.0.1:6081 -s main=malloc,256m -s Transient=malloc,64m
#
# Replace the address of the service (twice), the host name of the probe, the addresses that may purge, and the
# telephone number at the end.
# Storage is bounded: what lives for less than ten seconds, such as searches and pages that do not exist, is
# in Transient, so that ten thousand addresses that nobody asks for twice do not displace pages.
# Bounds (decision 43): nothing older than 60 s, whatever has failed; while the service answers, nothing older
# than 4 s, even if every purge was lost.

vcl 4.1;

import std;

# The service. The probe reads a page, because the service is of no use to a cache without its database.
backend service {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
    .max_connections = 200;
    .probe = {
        .request =
            "HEAD / HTTP/1.1"
            "Host: medicines.example.org"
            "X-Forwarded-Proto: https"
            "Connection: close";
        .interval = 1s;
        .timeout = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# The same without a probe: what the cache does not have is always asked for, and so is whether a stale page
# has changed, so that the cache is right again with the first answer of a service that has come back.
backend service_unprobed {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
    .max_connections = 200;
}

# The processes of the service, which purge (CACHE_PURGE_URLS).
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.restarts == 0) {
        unset req.http.X-Service-Failed;
        # How long after its expiry an answer may be given while the service is asked again
        set req.grace = 1s;
    }
    set req.backend_hint = service_unprobed;

    if (req.method == "PURGE") {
        # The proxy on this machine says which scheme a reader used; the service does not
        if (!client.ip ~ purgers || req.http.X-Forwarded-Proto) {
            return (synth(405, "Not allowed"));
        }
        if (req.http.Surrogate-Key !~ "^[a-z0-9-]+( [a-z0-9-]+)*$") {
            return (synth(400, "No surrogate keys"));
        }
        # Only the object's own headers are compared, so that the ban lurker removes what nobody asks for
        if (std.ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)")) {
            return (synth(200, "Purged"));
        }
        return (synth(500, std.ban_error()));
    }

    # The admin and the probes are not for caches. Forms (POST) are passed on; other methods the service refuses.
    if (req.url ~ "^/(admin(/|$|\?)|healthz|readyz)") {
        return (pass);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Conditions about one version of a text, which the service must decide
    if (req.http.If-Match || req.http.If-Unmodified-Since || req.http.Authorization) {
        return (pass);
    }

    # No public page depends on a cookie, or on anything else that a browser says about itself
    unset req.http.Cookie;
    if (req.http.X-Forwarded-Proto != "https") {
        set req.http.X-Forwarded-Proto = "http";
    }

    # Most addresses have neither, and need no more looks
    if (req.url ~ "[?#]") {
        set req.url = regsub(req.url, "#.*$", "");
        call keep_known_parameters;
    }
    if (req.url ~ "\?") {
        # A parameter given twice means its last value, which sorting could change; a long one is nobody's search
        if (req.url ~ "[?&]([^=&]+)(=[^&]*)?&(.*&)?\1(=|&|$)" || req.url ~ "^.{600}") {
            return (pass);
        }
        set req.url = std.querysort(req.url);
    }

    # Without its database the service is not asked first: what the cache has is shown until the bound
    if (req.http.X-Service-Failed || !std.healthy(service)) {
        set req.http.X-Service-Failed = "true";
        set req.grace = 55s;
    }
    return (hash);
}

sub keep_known_parameters {
    # Each address knows a few parameters, and ignores others (advertising, guesses): one object for all of them.
    # The API refuses parameters that it does not know, so it gets them as they are.
    if (req.url !~ "^/api(/|$|\?)") {
        if (req.url ~ "^/search/") {
            call keep_search_parameters;
        } elseif (req.url ~ "^/medicines/[^/?]+/(\?|$)") {
            call keep_condition_parameter;
        } elseif (req.url ~ "^/((medicines|classes|conditions)/([^/?]+/)?)?(\?|$)") {
            call keep_list_parameters;
        } else {
            set req.url = regsub(req.url, "\?.*$", "");
        }
    }
}

sub keep_search_parameters {
    set req.url = regsuball(req.url, "(?<=[?&])(?!(q|exact)=)[^&]*(&|$)", "");
    call tidy_query;
}

sub keep_condition_parameter {
    set req.url = regsuball(req.url, "(?<=[?&])(?!for=)[^&]*(&|$)", "");
    call tidy_query;
}

sub keep_list_parameters {
    set req.url = regsuball(req.url, "(?<=[?&])(?!(letter|page)=)[^&]*(&|$)", "");
    call tidy_query;
}

sub tidy_query {
    set req.url = regsub(req.url, "[?&]+$", "");
}

sub vcl_hash {
    # With the address and the host: a redirect to HTTPS must not be shown to those who are there
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_backend_fetch {
    # A service that hangs: after this, readers get what the cache has. Only the second attempt, of a page that it
    # does not have, waits as long as the service may work. Readers also wait for a fetch in the background
    if (!bereq.uncacheable && (bereq.is_bgfetch || !bereq.http.X-Service-Failed)) {
        set bereq.first_byte_timeout = 5s;
    }
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    # The service fails, or answers from its memory without its database: keep what the cache has
    if (beresp.status >= 500 || beresp.http.Warning ~ "^11[0-2]") {
        if (bereq.is_bgfetch || !bereq.http.X-Service-Failed) {
            # Another look for something stale, see vcl_synth: what is delivered here takes its place, and the
            # next process that is asked may not have the page in its memory
            return (abandon);
        }
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control !~ "s-maxage=[1-9]|immutable"
        || beresp.http.Vary ~ "\*|Cookie" || (beresp.status != 200 && beresp.status != 301
        && beresp.status != 302 && beresp.status != 404 && beresp.status != 410)) {
        # Not for others, and not a reason to let readers of this address wait for each other
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.url ~ "^/static/") {
        # Named by content: the style sheet of the previous release stays, as long as pages that link to it may
        set beresp.ttl = 1d;
        set beresp.grace = 1h;
        return (deliver);
    }
    # s-maxage is the ttl. What is left of the object after it: for questions by ETag, and for failures
    if (beresp.status == 200 && bereq.url !~ "^/search/|^/api/v1/search"
        && (bereq.is_bgfetch || !bereq.http.X-Service-Failed)) {
        set beresp.grace = 55s;
    } else {
        # A withdrawn page, a path where nothing is, and what a reader searched for are not kept for failures; nor is
        # the answer to a second attempt, which may take long and be overtaken by a purge and its repetition
        set beresp.grace = 1s;
    }
    set beresp.keep = 0s;
}

sub vcl_backend_error {
    if (bereq.is_bgfetch || !bereq.http.X-Service-Failed) {
        return (abandon);
    }
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Retry-After = "10";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Content-Security-Policy = "default-src 'none'";
    set beresp.http.X-Content-Type-Options = "nosniff";
    set beresp.body = {"<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Please try again</title>
<h1>This page cannot be shown at the moment</h1>
<p>Please try again in a minute. If you feel unwell, do not wait for this page: call your care team.
In an emergency, call 911.</p></html>"};
    return (deliver);
}

sub vcl_deliver {
    # Browsers and caches further out would add their own seconds to the bounds
    set resp.http.Cache-Control = regsuball(resp.http.Cache-Control,
        ",? *(s-maxage|stale-while-revalidate|stale-if-error)=\d+", "");
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (!obj.uncacheable) {
        # It names the request for which the page was fetched, not this one
        unset resp.http.X-Request-ID;
    }
}

sub vcl_synth {
    # A fetch was abandoned: look once more, now also for an answer that is stale
    if (resp.status == 503 && req.restarts == 0) {
        set req.http.X-Service-Failed = "true";
        return (restart);
    }
    if (req.method == "PURGE") {
        set resp.body = resp.reason;
        return (deliver);
    }
}
