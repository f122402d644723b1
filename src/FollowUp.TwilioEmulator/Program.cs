using FollowUp.TwilioEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

try
{
    var command = CommandLine.Read(args, Environment.GetEnvironmentVariable);
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls(command.Urls);
    builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
    builder.Services.AddTwilioEmulator(command.Options);
    await using var app = builder.Build();
    app.MapTwilioEmulator("");
    app.MapPhone();
    await app.StartAsync();

    var options = command.Options;
    foreach (var address in app.Urls)
    {
        Console.WriteLine($"Twilio emulator  {address}/2010-04-01/Accounts/{options.AccountSid}/Messages.json");
        Console.WriteLine($"Phone            {address}/phone");
    }

    Console.WriteLine($"Account SID      {options.AccountSid}");
    if (command.MadeUpToken)
    {
        Console.WriteLine($"Auth token       {options.AuthToken}  (made up for this run)");
    }

    // By the names that FollowUp reads. Without the first it would send to the real Twilio.
    Console.WriteLine($"Settings         Twilio:BaseAddress={app.Urls.First()}  Twilio:AccountSid={options.AccountSid}  Twilio:From={options.PhoneNumber}");
    Console.WriteLine($"Texts            {options.DatabasePath ?? "in memory, gone when this process ends"}");
    Console.WriteLine($"Inbound webhook  {options.InboundUrl ?? "none"}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
