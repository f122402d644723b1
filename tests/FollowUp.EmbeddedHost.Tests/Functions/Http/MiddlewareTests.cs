using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>functions-behaviour.md, section 3.</summary>
public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_runs_in_registration_order_and_sees_the_request_only_after_ConfigureFunctionsWebApplication()
    {
        var seen = new ConcurrentQueue<string>();
        var setup = new TestHost.Setup
        {
            BeforeWeb = builder => builder.UseMiddleware(async (context, next) =>
            {
                seen.Enqueue($"first {context.GetHttpContext() is not null}");
                await next();
                seen.Enqueue("first again");
            }),
            AfterWeb = builder => builder
                .UseMiddleware((context, next) =>
                {
                    seen.Enqueue($"second {context.GetHttpContext() is not null} {context.FunctionDefinition.Name}");
                    return next();
                })
                .UseWhen(context => context.FunctionDefinition.InputBindings.Values.Any(b => b.Type == "timerTrigger"), (_, next) =>
                {
                    seen.Enqueue("never");
                    return next();
                }),
        };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Hello));

        await host.Client.GetStringAsync("/hello");

        Assert.Equal(["first False", "second True Hello", "first again"], seen);
    }

    [Fact]
    public async Task A_middleware_that_does_not_go_on_answers_with_a_status_or_a_result_and_the_body_is_not_bound()
    {
        var setup = new TestHost.Setup { AfterWeb = builder => builder.UseMiddleware<Guard>() };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Hello));

        using HttpResponseMessage status = await host.Client.PostAsync("/hello?deny=status", new StringContent("not JSON"));
        using HttpResponseMessage result = await host.Client.PostAsync("/hello?deny=result", new StringContent("not JSON"));

        Assert.Equal(HttpStatusCode.Unauthorized, status.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, result.StatusCode);
        Assert.Equal("application/problem+json", result.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_middleware_can_turn_an_exception_of_the_function_into_an_answer()
    {
        var setup = new TestHost.Setup
        {
            AfterWeb = builder => builder.UseMiddleware(async (context, next) =>
            {
                try
                {
                    await next();
                }
                catch (KeyNotFoundException)
                {
                    context.GetInvocationResult().Value = Results.StatusCode(418);
                }
            }),
        };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Hello));

        using HttpResponseMessage response = await host.Client.GetAsync("/missing");

        Assert.Equal(418, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_result_is_executed_after_the_middleware_so_that_it_can_still_set_headers_or_put_another_in_its_place()
    {
        bool started = true;
        var setup = new TestHost.Setup
        {
            AfterWeb = builder => builder.UseMiddleware(async (context, next) =>
            {
                await next();
                HttpResponse response = context.GetHttpContext()!.Response;
                started = response.HasStarted;
                response.Headers["X-Late"] = "yes";
                if (context.GetHttpContext()!.Request.Query.ContainsKey("replace"))
                {
                    context.GetInvocationResult().Value = Results.Text("replaced");
                }
            }),
        };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Hello));

        using HttpResponseMessage response = await host.Client.GetAsync("/hello");

        Assert.False(started);
        Assert.Equal("yes", response.Headers.GetValues("X-Late").Single());
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        Assert.Equal("replaced", await host.Client.GetStringAsync("/hello?replace"));
    }

    [Fact]
    public async Task Nobody_is_signed_in_unless_an_IStartupFilter_adds_authentication()
    {
        const string user = "/who";
        var without = new TestHost.Setup { AfterWeb = builder => AddAuthentication(builder.Services) };
        var with = new TestHost.Setup
        {
            AfterWeb = builder => AddAuthentication(builder.Services).AddSingleton<IStartupFilter, UseAuthentication>(),
        };
        await using TestHost plain = await TestHost.StartAsync(without, typeof(Hello));
        await using TestHost filtered = await TestHost.StartAsync(with, typeof(Hello));

        Assert.Equal("nobody", await SignedInAsync(plain, user));
        Assert.Equal("ada", await SignedInAsync(filtered, user));
    }

    [Fact]
    public async Task The_HttpContextAccessor_is_empty_as_in_the_real_worker()
    {
        var setup = new TestHost.Setup { AfterWeb = builder => builder.Services.AddHttpContextAccessor() };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Hello));

        Assert.Equal("empty", await host.Client.GetStringAsync("/accessor"));
    }

    private static IServiceCollection AddAuthentication(IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        return services;
    }

    private static async Task<string> SignedInAsync(TestHost host, string path)
    {
        using HttpResponseMessage signIn = await host.Client.PostAsync("/sign-in", null);
        string cookie = signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class UseAuthentication : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseAuthentication();
            next(app);
        };
    }

    private sealed class Guard : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            HttpContext http = context.GetHttpContext()!;
            switch (http.Request.Query["deny"].ToString())
            {
                case "status":
                    http.Response.StatusCode = 401;
                    return Task.CompletedTask;
                case "result":
                    context.GetInvocationResult().Value = TypedResults.Problem(statusCode: 403);
                    return Task.CompletedTask;
                default:
                    return next(context);
            }
        }
    }

    public static class Hello
    {
        private const AuthorizationLevel Anonymous = AuthorizationLevel.Anonymous;

        [Function("Hello")]
        public static IResult Get([HttpTrigger(Anonymous, "get", Route = "hello")] HttpRequest request) => Results.Text("hello");

        [Function("HelloPost")]
        public static IResult Post([HttpTrigger(Anonymous, "post", Route = "hello")] HttpRequest request, [FromBody] string[] body)
            => Results.Text($"{body.Length}");

        [Function("Missing")]
        public static IResult Missing([HttpTrigger(Anonymous, "get", Route = "missing")] HttpRequest request) => throw new KeyNotFoundException();

        [Function("SignIn")]
        public static IResult SignIn([HttpTrigger(Anonymous, "post", Route = "sign-in")] HttpRequest request)
            => Results.SignIn(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity(
                [new(System.Security.Claims.ClaimTypes.Name, "ada")], "test")));

        [Function("Who")]
        public static IResult Who([HttpTrigger(Anonymous, "get", Route = "who")] HttpRequest request)
            => Results.Text(request.HttpContext.User.Identity?.Name ?? "nobody");

        [Function("Accessor")]
        public static IResult Accessor([HttpTrigger(Anonymous, "get", Route = "accessor")] HttpRequest request)
            => Results.Text(request.HttpContext.RequestServices.GetRequiredService<IHttpContextAccessor>().HttpContext is null ? "empty" : "filled");
    }
}
